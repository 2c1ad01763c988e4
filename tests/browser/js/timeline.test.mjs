import assert from "node:assert/strict";
import { test } from "node:test";

import { Timeline } from "../../../static/voice/timeline.js";

/** Two frames, a second of mute, two more. */
function withMute() {
  const timeline = new Timeline();
  for (const time_s of [10, 10.02, 11.04, 11.06]) timeline.add(320, time_s, time_s + 0.022);
  return timeline;
}

test("a sample has the times at which it was recorded and sent, also after a mute", () => {
  const timeline = withMute();

  assert.deepEqual(timeline.timesOf(160), { time_s: 10.01, sent_s: 10.022 });
  assert.deepEqual(timeline.timesOf(320 + 160), { time_s: 10.03, sent_s: 10.042 });
  assert.deepEqual(timeline.timesOf(640), { time_s: 11.04, sent_s: 11.062 });
});

test("a sample that was never sent has no time", () => {
  assert.equal(withMute().timesOf(5000), null);
  assert.equal(new Timeline().timesOf(0), null);
});

test("a time has the sample that was recorded at it, but not while muted", () => {
  const timeline = withMute();

  assert.equal(timeline.sampleAt(11.05), 640 + 160);
  assert.equal(timeline.sampleAt(10.5), null);
  assert.equal(timeline.sampleAt(9), null);
});

test("another connection counts from the beginning", () => {
  const timeline = withMute();
  timeline.restart();
  timeline.add(320, 20, 20.022);

  assert.equal(timeline.timesOf(0)?.time_s, 20);
});

test("half a minute is remembered", () => {
  const timeline = new Timeline();
  for (let n = 0; n < 2000; n++) timeline.add(320, n * 0.02, n * 0.02);

  assert.equal(timeline.timesOf(499 * 320), null);
  assert.equal(timeline.timesOf(500 * 320)?.time_s, 10);
});
