import assert from "node:assert/strict";
import { test } from "node:test";

import { Timeline } from "../../../static/voice/timeline.js";

/** Two frames, a second of mute, two more. */
function withMute() {
  const timeline = new Timeline();
  for (const time_s of [10, 10.02, 11.04, 11.06]) timeline.add(320, time_s);
  return timeline;
}

test("a sample has the time at which it was recorded, also after a mute", () => {
  const timeline = withMute();

  assert.equal(timeline.timeOf(160), 10.01);
  assert.equal(timeline.timeOf(320 + 160), 10.03);
  assert.equal(timeline.timeOf(640), 11.04);
});

test("a sample that was never sent has no time", () => {
  assert.equal(withMute().timeOf(5000), null);
  assert.equal(new Timeline().timeOf(0), null);
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
  timeline.add(320, 20);

  assert.equal(timeline.timeOf(0), 20);
});

test("half a minute is remembered", () => {
  const timeline = new Timeline();
  for (let n = 0; n < 2000; n++) timeline.add(320, n * 0.02);

  assert.equal(timeline.timeOf(499 * 320), null);
  assert.equal(timeline.timeOf(500 * 320), 10);
});
