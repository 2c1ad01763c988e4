import assert from "node:assert/strict";
import { test } from "node:test";

import { Backlog } from "../../../static/voice/backlog.js";

/** @param {number} n */
function frame(n) {
  return { pcm: new ArrayBuffer(640), time_s: n * 0.02, level_db: -60 };
}

test("fifteen seconds are kept, and then the oldest goes", () => {
  const backlog = new Backlog();
  for (let n = 0; n < 800; n++) backlog.push(frame(n));

  assert.equal(backlog.ms, 15_000);
  assert.equal(backlog.take()[0].time_s, 50 * 0.02);
});

test("it empties at four frames for each one that the microphone adds, in order", () => {
  const backlog = new Backlog();
  for (let n = 0; n < 100; n++) backlog.push(frame(n));

  const sent = [];
  let ticks = 0;
  for (; backlog.ms > 0; ticks++) {
    backlog.push(frame(100 + ticks));
    sent.push(...backlog.take());
  }

  assert.equal(ticks, 34); // 100 / (4 − 1)
  assert.deepEqual(sent.map(({ time_s }) => Math.round(time_s * 50)), Array.from({ length: 134 }, (_, n) => n));
});
