import assert from "node:assert/strict";
import { test } from "node:test";

import { Speaker } from "../../../static/voice/worklets/speaker.js";
import { dice, joined, noise, power, syllables, to_s16, tone } from "./signal.mjs";

const DEVICE_HZ = 48_000;
const BLOCK = 128;
const LOUD = 0.125;
/** The power of a tone of amplitude ½. */

/** A speaker that plays replies of a tone, and a microphone in a quiet room. */
function place() {
  const speaker = new Speaker(DEVICE_HZ);
  let frame = 0;
  return {
    speaker,
    /** @type {import("../../../static/voice/worklets/speaker.js").SpeakerEvent[]} */
    events: [],
    /** @param {number} reply @param {number} seconds */
    reply(reply, seconds) {
      speaker.player.receive({ reply, sample: 0, pcm: to_s16(tone(500, 24_000, seconds * 24_000)) });
    },
    /** Let time pass while the microphone hears this. @param {number} seconds @param {Float32Array} [sound] */
    run(seconds, sound = new Float32Array(0)) {
      const mic = noise(seconds * DEVICE_HZ, 0.0005, dice(frame + 1));
      sound.forEach((value, n) => (mic[n] += value));
      const parts = [];
      for (let at = 0; at + BLOCK <= mic.length; at += BLOCK, frame += BLOCK) {
        const output = new Float32Array(BLOCK);
        this.events.push(...speaker.render(output, mic.subarray(at, at + BLOCK), frame));
        parts.push(output);
      }
      return joined(parts);
    },
    /** @param {string} type */
    said(type) {
      return this.events.filter((event) => event.type === type);
    },
  };
}

const word = syllables(0.4, DEVICE_HZ, 0.2);

/** @param {Float32Array} output @param {number} from_s @param {number} to_s */
function gain_db(output, from_s, to_s) {
  const part = output.subarray(from_s * DEVICE_HZ, to_s * DEVICE_HZ);
  return Math.round(10 * Math.log10(power(part) / LOUD)) + 0;
}

test("a voice over a reply makes it soft within 50 ms, without the server", () => {
  const here = place();
  here.reply(1, 5);
  here.run(2);

  const output = here.run(0.4, word);

  assert.equal(gain_db(output, 0.05, 0.4), -20);
});

test("a suspicion that nobody confirms is over half a second after the onset, softly", () => {
  const here = place();
  here.reply(1, 5);
  here.run(2);

  const output = here.run(1, word);

  assert.equal(gain_db(output, 0.05, 0.47), -20);
  assert.equal(gain_db(output, 0.6, 1), 0);
  assert.equal(here.said("ducked").length, 1);
  assert.equal(here.said("unducked").length, 1);
});

test("a duck that the server confirms stays until the server lifts it", () => {
  const here = place();
  here.reply(1, 6);
  here.run(2);
  here.run(0.2, word);
  here.speaker.player.ducking.confirm(1);

  assert.equal(gain_db(here.run(1.5), 0.1, 1.5), -20);
  here.speaker.unduck();
  assert.equal(gain_db(here.run(0.5), 0.1, 0.5), 0);
});

test("the same ongoing sound does not duck again when the server has lifted the duck", () => {
  const here = place();
  here.reply(1, 8);
  here.run(2);
  const long = syllables(3, DEVICE_HZ, 0.2);
  here.run(0.3, long);
  here.speaker.unduck();

  const output = here.run(2, long.subarray(0.3 * DEVICE_HZ));

  assert.equal(gain_db(output, 0.1, 2), 0);
});

test("the position of a reply advances while it is soft", () => {
  const here = place();
  here.reply(1, 5);
  here.run(2);
  const before = here.said("progress").at(-1)?.reply_sample;

  here.run(0.5, word);

  const advanced = here.said("progress").at(-1)?.reply_sample - before;
  assert.ok(Math.abs(advanced - 12_000) < 100, `${advanced} samples`);
});

test("a reply that was interrupted leaves no duck behind for the next", () => {
  const here = place();
  here.reply(1, 5);
  here.run(2);
  here.run(0.2, word);
  here.speaker.player.drop(1);
  here.run(0.1);

  here.reply(2, 2);

  assert.equal(gain_db(here.run(1), 0.1, 1), 0);
});

test("a voice while nothing is played ducks nothing", () => {
  const here = place();
  here.run(1);
  here.run(0.5, word);
  here.reply(1, 1);

  here.run(1);

  assert.deepEqual(here.said("ducked"), []);
});

test("where something behind makes it soft, the reply stays loud here and the page is told", () => {
  const here = place();
  here.reply(1, 5);
  here.run(2);
  here.speaker.player.leaveGain(true);

  const output = here.run(0.4, word);

  assert.equal(gain_db(output, 0, 0.4), 0);
  assert.equal(here.said("ducked")[0].reply, 1);
});

test("going soft and loud again does not click", () => {
  const here = place();
  here.reply(1, 5);
  const steady = here.run(2).subarray(DEVICE_HZ);

  const output = here.run(1, word);

  assert.ok(steepest(output) <= 1.05 * steepest(steady));
});

test("the chime is soft, ends by itself, and gives way to a reply", () => {
  const here = place();
  here.speaker.chime();
  const chime = here.run(2);
  assert.ok(Math.max(...chime) < 0.1 && Math.max(...chime) > 0.02);
  assert.ok(chime.subarray(1.3 * DEVICE_HZ).every((value) => value === 0));

  here.speaker.chime();
  here.run(0.1);
  here.reply(1, 1);

  assert.equal(gain_db(here.run(0.5), 0.1, 0.5), 0);
  assert.ok(Math.max(...here.run(0.3)) < 0.501);
});

test("what is played and what is heard is told only when asked for", () => {
  const here = place();
  here.reply(1, 3);
  here.run(0.5);
  assert.deepEqual(here.said("compared"), []);

  here.speaker.compare(true);
  here.run(1);

  const hops = here.said("compared").flatMap((event) => event.hops);
  assert.ok(hops.length >= 90 && hops.length <= 100);
  assert.ok(Math.max(...hops[50].played) > -20);
  assert.ok(Math.max(...hops[50].mic) < -60);
});

/** @param {Float32Array} output */
function steepest(output) {
  return output.reduce((most, value, n) => (n ? Math.max(most, Math.abs(value - output[n - 1])) : 0), 0);
}
