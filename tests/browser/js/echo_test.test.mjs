import assert from "node:assert/strict";
import { test } from "node:test";

import { EchoTest } from "../../../static/voice/echo_test.js";
import { Bands } from "../../../static/voice/worklets/bands.js";
import { chime } from "../../../static/voice/worklets/chime.js";
import { dice, joined, noise, syllables } from "./signal.mjs";

const HZ = 16_000;
const REPLY = syllables(10, HZ, 0.2);

/**
 * The verdict on a microphone that hears what is played, so much softer and later, and perhaps a user.
 * @param {Float32Array} played
 * @param {{echo_db?: number, late_s?: number, user?: Float32Array}} around
 */
function verdict(played, { echo_db = -Infinity, late_s = 0.1, user = new Float32Array(0) }) {
  const [test, out, mic] = [new EchoTest(), new Bands(HZ), new Bands(HZ)];
  const room = noise(played.length, 0.0003, dice(5));
  const late = Math.round(late_s * HZ);
  for (let n = 0; n < played.length; n++) {
    const echo = n < late ? 0 : 10 ** (echo_db / 20) * played[n - late];
    const heard = mic.add(room[n] + echo + (user[n] ?? 0));
    const left = out.add(played[n]);
    const found = heard && left && test.add([{ played: left, mic: heard }]);
    if (found) return { ...found, at_s: n / HZ };
  }
  return null;
}

for (const echo_db of [-6, -15, -25]) {
  for (const late_s of [0.05, 0.25]) {
    test(`a reply that comes back at ${echo_db} dB, ${1000 * late_s} ms late, is heard and measured`, () => {
      const found = verdict(REPLY, { echo_db, late_s });

      assert.ok(found?.heard && found.at_s < 3);
      assert.ok(Math.abs(found.level_db - echo_db) < 2, `${found.level_db} dB`);
      assert.ok(Math.abs(found.delay_ms - 1000 * late_s) <= 20, `${found.delay_ms} ms`);
    });
  }
}

test("headphones and a working canceller are no echo", () => {
  for (const echo_db of [-Infinity, -45]) {
    const found = verdict(REPLY, { echo_db });

    assert.equal(found?.heard, false);
  }
});

test("a user who talks over the first reply is no echo", () => {
  for (const seed of [11, 12, 13, 14]) {
    assert.ok(!verdict(REPLY, { user: syllables(10, HZ, 0.2, seed) })?.heard);
  }
});

test("an echo is heard although a user talks over the first reply", () => {
  assert.ok(verdict(REPLY, { echo_db: -6, user: syllables(10, HZ, 0.05, 21) })?.heard);
});

test("a chime is enough to hear an echo by, and not to hear that there is none", () => {
  const played = joined([chime(HZ), new Float32Array(HZ)]);

  assert.equal(verdict(played, { echo_db: -15 })?.heard, true);
  assert.equal(verdict(played, {}), null);
});

test("after a gap it begins anew", () => {
  const test = new EchoTest();
  const hop = { played: [-20, -20, -20, -20], mic: [-90, -90, -90, -90] };
  for (let n = 0; n < 100; n++) {
    assert.equal(test.add(new Array(100).fill(hop)), null);
    test.interrupted();
  }
});
