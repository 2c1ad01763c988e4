import assert from "node:assert/strict";
import { test } from "node:test";

import { Resampler } from "../../../static/voice/worklets/resampler.js";
import { blocks, joined, power, snr_db, tone } from "./signal.mjs";

const EDGE_S = 0.005;
/** The filter rings in and out at the ends. */

/** @param {Float32Array} input @param {number} from_hz @param {number} to_hz @param {number} [block] */
function resampled(input, from_hz, to_hz, block = 128) {
  const resampler = new Resampler(from_hz, to_hz);
  const parts = [];
  for (const piece of blocks(input, block)) {
    const output = new Float32Array(resampler.capacity(piece.length));
    parts.push(output.subarray(0, resampler.process(piece, output)));
  }
  const tail = new Float32Array(resampler.capacity(resampler.half));
  parts.push(tail.subarray(0, resampler.flush(tail)));
  return joined(parts);
}

/** @param {Float32Array} signal @param {number} rate_hz */
function middle(signal, rate_hz) {
  return signal.subarray(EDGE_S * rate_hz, signal.length - EDGE_S * rate_hz);
}

for (const [from_hz, to_hz] of [[48_000, 16_000], [44_100, 16_000], [96_000, 16_000], [24_000, 48_000], [24_000, 44_100]]) {
  test(`a 1 kHz tone comes through from ${from_hz} to ${to_hz} Hz unharmed and in its place`, () => {
    const got = resampled(tone(1000, from_hz, from_hz), from_hz, to_hz);

    const wanted = tone(1000, to_hz, got.length);
    assert.equal(got.length, to_hz);
    assert.ok(snr_db(middle(got, to_hz), middle(wanted, to_hz)) > 70);
  });
}

test("speech up to 6.4 kHz keeps its level", () => {
  const got = resampled(tone(6400, 48_000, 48_000), 48_000, 16_000);

  const gain_db = 10 * Math.log10(power(middle(got, 16_000)) / 0.125);
  assert.ok(Math.abs(gain_db) < 0.5, `${gain_db} dB`);
});

for (const hz of [8_100, 9_000, 15_000, 22_000]) {
  test(`${hz} Hz, which 16 kHz cannot hold, does not come back as an alias`, () => {
    const got = resampled(tone(hz, 48_000, 48_000), 48_000, 16_000);

    assert.ok(10 * Math.log10(power(middle(got, 16_000)) / 0.125) < -65);
  });
}

test("a tone played at 48 kHz has no image above the 12 kHz it was made with", () => {
  const got = middle(resampled(tone(9000, 24_000, 24_000), 24_000, 48_000), 48_000);

  const wanted = tone(9000, 48_000, 48_000).subarray(EDGE_S * 48_000, EDGE_S * 48_000 + got.length);
  assert.ok(snr_db(got, wanted) > 60);
});

test("the size of the blocks changes nothing", () => {
  const input = tone(440, 44_100, 4410);

  assert.deepEqual(resampled(input, 44_100, 16_000, 128), resampled(input, 44_100, 16_000, 1001));
});
