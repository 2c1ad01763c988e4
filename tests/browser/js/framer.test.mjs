import assert from "node:assert/strict";
import { test } from "node:test";

import { Framer } from "../../../static/voice/worklets/framer.js";
import { blocks, tone } from "./signal.mjs";

/** @param {Float32Array} input @param {number} device_hz */
function framed(input, device_hz) {
  const framer = new Framer(device_hz);
  let n = 0;
  return [...blocks(input, 128)].flatMap((block) => {
    const frames = framer.push(block, 5 + n / device_hz);
    n += block.length;
    return frames;
  });
}

test("a second of sound makes frames of 640 bytes, 20 ms apart", () => {
  const frames = framed(tone(440, 48_000, 48_000), 48_000);

  assert.equal(frames.length, 49); // the last one waits for the filter's 1.5 ms
  for (const [n, frame] of frames.entries()) {
    assert.equal(frame.pcm.byteLength, 640);
    assert.ok(Math.abs(frame.time_s - (5 + n * 0.02)) < 1e-9);
  }
});

test("a click is found at the moment at which it was made", () => {
  const input = new Float32Array(44_100);
  input[22_050] = 1;

  const [loudest] = framed(input, 44_100).sort((a, b) => b.level_db - a.level_db);

  const pcm = new Int16Array(loudest.pcm);
  const at = pcm.indexOf(Math.max(...pcm));
  assert.ok(Math.abs(loudest.time_s + at / 16_000 - 5.5) <= 1 / 16_000);
});

test("the level is that of the sound in dBFS", () => {
  const [, , frame] = framed(tone(1000, 48_000, 9600, 0.1), 48_000);

  assert.ok(Math.abs(frame.level_db - -23) < 0.2);
  assert.equal(framed(new Float32Array(9600), 48_000)[0].level_db, -100);
});

test("sound that is too loud is clipped and does not wrap around", () => {
  const [, frame] = framed(tone(100, 48_000, 9600, 3), 48_000);

  const pcm = new Int16Array(frame.pcm);
  assert.equal(Math.max(...pcm), 32767);
  assert.equal(Math.min(...pcm), -32767);
});

test("a pause of the input moves no later frame", () => {
  const framer = new Framer(48_000);
  const block = new Float32Array(960);
  for (let n = 0; n < 50; n++) framer.push(block, n * 0.02);

  const frames = framer.push(block, 60);

  assert.ok(Math.abs(frames[0].time_s - 59.98) < 0.021);
});
