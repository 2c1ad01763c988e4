import assert from "node:assert/strict";
import { test } from "node:test";

import { OnsetDetector } from "../../../static/voice/worklets/onset.js";
import { blocks, dice, joined, noise, syllables, tone } from "./signal.mjs";

const DEVICE_HZ = 48_000;
const BLOCK = 128;
const ROOM = 0.001;
/** −65 dBFS */

/** What a detector hears, and when, in milliseconds, it took something for another sound. */
function listener() {
  const detector = new OnsetDetector(DEVICE_HZ);
  let at = 0;
  return {
    detector,
    /** @param {Float32Array} mic @param {Float32Array} [played] */
    hear(mic, played = new Float32Array(mic.length)) {
      const begun = [];
      const first = at;
      const both = [...blocks(mic, BLOCK)].map((block, n) => [block, played.subarray(n * BLOCK)]);
      for (const [heard, out] of both) {
        at += heard.length;
        if (detector.hear(heard, out) === "sound") begun.push((1000 * (at - first)) / DEVICE_HZ);
      }
      return begun;
    },
  };
}

/** @param {number} seconds */
const room = (seconds) => noise(seconds * DEVICE_HZ, ROOM, dice(1));

/** @param {Float32Array} signal @param {number} gain @param {number} late_s @param {number} [length] */
function echoOf(signal, gain, late_s, length = signal.length) {
  const echo = noise(length, ROOM, dice(2));
  const late = Math.round(late_s * DEVICE_HZ);
  for (let n = late; n < length; n++) echo[n] += gain * (signal[n - late] ?? 0);
  return echo;
}

/** @param {Float32Array} a @param {Float32Array} b @param {number} at */
function mixed(a, b, at) {
  const sum = a.slice();
  for (let n = 0; n < b.length && at + n < sum.length; n++) sum[at + n] += b[n];
  return sum;
}

test("a voice that rises out of a quiet room is heard within 40 ms, once", () => {
  const ear = listener();
  ear.hear(room(1));

  const begun = ear.hear(syllables(0.8, DEVICE_HZ, 0.1));

  assert.equal(begun.length, 1);
  assert.ok(begun[0] <= 40, `${begun[0]} ms`);
});

test("a room without a voice has no onset, loud or quiet", () => {
  for (const level of [0.0001, 0.003, 0.03]) {
    const ear = listener();
    ear.hear(noise(3 * DEVICE_HZ, level, dice(3)));

    assert.deepEqual(ear.hear(noise(5 * DEVICE_HZ, level, dice(4))), []);
  }
});

test("a click is no onset", () => {
  const ear = listener();
  ear.hear(room(1));

  assert.deepEqual(ear.hear(joined([tone(1000, DEVICE_HZ, 0.004 * DEVICE_HZ), room(0.5)])), []);
});

test("a soft voice in a quiet room is heard, a little later", () => {
  const ear = listener();
  ear.hear(noise(2 * DEVICE_HZ, 0.0003, dice(5)));

  const begun = ear.hear(joined([syllables(0.5, DEVICE_HZ, 0.015)]));

  assert.equal(begun.length, 1);
  assert.ok(begun[0] <= 70, `${begun[0]} ms`);
});

test("a soft click is no onset", () => {
  const ear = listener();
  ear.hear(noise(2 * DEVICE_HZ, 0.0003, dice(6)));

  assert.deepEqual(ear.hear(joined([tone(1000, DEVICE_HZ, 0.02 * DEVICE_HZ, 0.012), room(0.5)])), []);
});

test("a word after a breath is another part of the same sound", () => {
  const { detector } = listener();
  const parts = [room(1), syllables(0.1, DEVICE_HZ, 0.1), room(0.15), syllables(0.2, DEVICE_HZ, 0.1)];
  const silence = new Float32Array(BLOCK);

  const begun = [...blocks(joined(parts), BLOCK)].map((block) => detector.hear(block, silence));

  assert.deepEqual(begun.filter(Boolean), ["sound", "more"]);
  assert.equal(detector.sounds, true);
  for (const block of blocks(room(0.25), BLOCK)) detector.hear(block, silence);
  assert.equal(detector.sounds, false);
});

test("what goes on after a breath of 200 ms is the same sound, after half a second another", () => {
  const ear = listener();
  const word = syllables(0.3, DEVICE_HZ, 0.1);
  ear.hear(room(1));

  assert.equal(ear.hear(joined([word, room(0.2), word, room(0.2), word])).length, 1);
  assert.equal(ear.hear(joined([room(0.5), word])).length, 1);
});

for (const [loss, gain] of [["an echo canceller's rest", 0.03], ["an open loudspeaker", 0.3]]) {
  for (const late_s of [0.05, 0.25]) {
    test(`our own sound is no onset: ${loss}, ${1000 * late_s} ms late`, () => {
      const ear = listener();
      const reply = syllables(6, DEVICE_HZ, 0.2);

      assert.deepEqual(ear.hear(echoOf(reply, Number(gain), late_s), reply), []);
    });
  }
}

test("a voice over our own sound is an onset, when what is left of that is known", () => {
  const ear = listener();
  const reply = syllables(4, DEVICE_HZ, 0.2);
  const mic = mixed(echoOf(reply, 0.03, 0.1), syllables(1, DEVICE_HZ, 0.1), 3 * DEVICE_HZ);

  const begun = ear.hear(mic, reply);

  assert.equal(begun.length, 1);
  assert.ok(begun[0] >= 3000 && begun[0] <= 3050, `${begun[0]} ms`);
});

test("a sound that was none is not taken for an onset again at the same level", () => {
  const ear = listener();
  const reply = tone(300, DEVICE_HZ, 8 * DEVICE_HZ, 0.2);
  const ours = syllables(0.3, DEVICE_HZ, 0.05);
  const mic = mixed(echoOf(reply, 0, 0), ours, 5 * DEVICE_HZ);

  assert.equal(ear.hear(mic.subarray(0, 5.5 * DEVICE_HZ), reply).length, 1);
  ear.detector.wasNone({ isCertain: true });

  assert.deepEqual(ear.hear(mixed(room(0.8), ours, 0.4 * DEVICE_HZ), reply), []);
});
