import assert from "node:assert/strict";
import { test } from "node:test";

import { Hints, bars, details, summary, trouble } from "../../../static/voice/quality.js";

/** @param {Partial<import("../../../static/voice/wire.js").AudioMetrics>} [more] */
function metrics(more) {
  return {
    type: /** @type {const} */ ("audio_metrics"),
    snr_db: 30,
    peak_dbfs: -9.6,
    rms_dbfs: -28,
    clipping: 0,
    quality: 92,
    ...more,
  };
}
const noisy = metrics({ snr_db: 6, quality: 24 });
const clipping = metrics({ clipping: 0.01, quality: 40 });
const quiet = metrics({ quality: 30 });

/** @param {ReturnType<typeof metrics>[]} seconds */
function hints(seconds, ear = new Hints()) {
  return seconds.map((second) => ear.hear(second)?.code).filter(Boolean);
}

test("quality is shown in bars and words, and in figures to those who ask", () => {
  assert.deepEqual([0, 24, 25, 60, 75, 100].map((quality) => bars(metrics({ quality }))), [0, 0, 1, 2, 3, 3]);
  assert.equal(summary(metrics()), "Microphone: good");
  assert.equal(summary(noisy), "Microphone: bad, noisy");
  assert.equal(details(metrics()), "quality 92 of 100, voice 30 dB above noise, peak −10 dB");
});

test("the worst trouble is named", () => {
  assert.deepEqual([metrics(), noisy, clipping, quiet].map(trouble), [null, "noisy", "clipping", "quiet"]);
  assert.equal(trouble(metrics({ snr_db: 15, quality: 55 })), null);
});

test("a hint is given after several bad seconds, once per cause", () => {
  assert.deepEqual(hints([noisy, noisy, noisy]), []);
  assert.deepEqual(hints(new Array(20).fill(noisy)), ["noisy"]);
  assert.deepEqual(hints([...new Array(4).fill(noisy), ...new Array(10).fill(clipping)]), ["noisy", "clipping"]);
});

test("seconds without words between the bad ones do not hide them, single ones give no hint", () => {
  assert.deepEqual(hints([clipping, metrics(), clipping, clipping, metrics(), clipping]), ["clipping"]);
  assert.deepEqual(hints(Array.from({ length: 30 }, (_, n) => (n % 4 ? metrics() : clipping))), []);
});
