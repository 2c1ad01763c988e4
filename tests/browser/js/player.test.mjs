import assert from "node:assert/strict";
import { test } from "node:test";

import { Player } from "../../../static/voice/worklets/player.js";
import { joined, power, to_s16, tone } from "./signal.mjs";

const DEVICE_HZ = 48_000;
const BLOCK = 128;
const FRAME = 480;
/** 20 ms of a reply at 24 kHz. */

/** A player, what came out of it, and what it said. */
function speaker(device_hz = DEVICE_HZ) {
  const player = new Player(device_hz);
  let frame = 0;
  return {
    player,
    /** @type {import("../../../static/voice/worklets/player.js").PlayerEvent[]} */
    events: [],
    /** @param {number} seconds */
    run(seconds) {
      const parts = [];
      for (const end = frame + seconds * device_hz; frame < end; frame += BLOCK) {
        const output = new Float32Array(BLOCK);
        this.events.push(...player.render(output, frame));
        parts.push(output);
      }
      return joined(parts);
    },
    /** @param {number} reply @param {number} seconds @param {number} [sample] of the first */
    hear(reply, seconds, sample = 0) {
      const pcm = to_s16(tone(500, 24_000, seconds * 24_000));
      for (let at = 0; at < pcm.length; at += FRAME) {
        player.receive({ reply, sample: sample + at, pcm: pcm.slice(at, at + FRAME) });
      }
    },
    /** @param {string} type */
    said(type) {
      return this.events.filter((event) => event.type === type);
    },
  };
}

/** @param {Float32Array} output */
function isSilent(output) {
  return output.every((value) => value === 0);
}

/** @param {Float32Array} output */
function largestStep(output) {
  return output.reduce((most, value, n) => (n ? Math.max(most, Math.abs(value - output[n - 1])) : 0), 0);
}

test("a reply is played from beginning to end and its end is told", () => {
  const ear = speaker();
  ear.hear(1, 0.5);

  const output = ear.run(1);

  assert.ok(Math.abs(power(output) - 0.0625) < 0.001); // half a second of a tone of amplitude ½
  const [stopped] = ear.said("stopped");
  assert.equal(stopped.reply_sample, 12_000);
  assert.equal(stopped.underruns, 0);
  assert.equal(ear.said("audible").length, 1);
});

test("a reply that is shorter than the start buffer is played too", () => {
  const ear = speaker();
  ear.hear(1, 0.02);

  ear.run(0.2);

  assert.equal(ear.said("stopped")[0].reply_sample, 480);
});

test("how far it came is told every 250 ms", () => {
  const ear = speaker();
  ear.hear(1, 1);

  ear.run(1);

  const positions = ear.said("progress").map((event) => event.reply_sample);
  assert.deepEqual(positions.map((sample) => Math.round(sample / 600) * 25), [250, 500, 750]);
});

test("a drop empties the queue at once, with a fade and without a click", () => {
  const ear = speaker();
  ear.hear(1, 2);
  const before = ear.run(0.5);

  ear.player.drop(1);
  const after = ear.run(0.1);

  assert.ok(!isSilent(after.subarray(0, 200)));
  assert.ok(isSilent(after.subarray(241)));
  const click = largestStep(joined([before.subarray(9600), after]));
  assert.ok(click <= largestStep(before.subarray(9600)) * 1.01);
  assert.equal(ear.said("stopped").length, 1);
  assert.ok(ear.said("stopped")[0].audible_frame < 0.507 * DEVICE_HZ);
});

test("late audio of a dropped reply stays unheard, the next reply is heard", () => {
  const ear = speaker();
  ear.hear(1, 0.2);
  ear.run(0.1);
  ear.player.drop(1);
  ear.run(0.1);

  ear.hear(1, 0.2, 4800);
  const late = ear.run(0.3);
  ear.hear(2, 0.2);
  const next = ear.run(0.3);

  assert.ok(isSilent(late));
  assert.ok(!isSilent(next));
});

test("a reply that is dropped before its first audio is never heard", () => {
  const ear = speaker();
  ear.player.drop(1);
  ear.hear(1, 0.2);

  assert.ok(isSilent(ear.run(0.3)));
});

test("dropping the reply that plays leaves the one that waits behind it", () => {
  const ear = speaker();
  ear.hear(1, 0.5);
  ear.hear(2, 0.3);
  ear.run(0.1);

  ear.player.drop(1);
  ear.run(0.5);

  assert.deepEqual(ear.said("stopped").map((event) => event.reply), [1, 2]);
  assert.equal(ear.said("stopped")[1].reply_sample, 7200);
});

test("two replies follow one another and each ends where it ends", () => {
  const ear = speaker(44_100);
  ear.hear(1, 0.3);
  ear.hear(2, 0.2);

  ear.run(0.7);

  assert.deepEqual(
    ear.said("stopped").map((event) => [event.reply, event.reply_sample]),
    [[1, 7200], [2, 4800]],
  );
});

test("a gap in the middle counts as an under-run and makes the next start wait longer", () => {
  const ear = speaker();
  ear.hear(1, 0.2);
  ear.run(0.3);
  ear.hear(1, 0.2, 4800);
  ear.run(0.4);

  const stops = ear.said("stopped");
  assert.deepEqual(stops.map((event) => event.underruns), [0, 1]);
  assert.deepEqual(stops.map((event) => event.reply_sample), [4800, 9600]);
  assert.ok(ear.player.start.target_s > 0.04);
});

test("the end of a reply is no under-run of the next", () => {
  const ear = speaker();
  ear.hear(1, 0.2);
  ear.run(0.5);
  ear.hear(2, 0.2);
  ear.run(0.5);

  assert.deepEqual(ear.said("stopped").map((event) => event.underruns), [0, 0]);
});

test("a ducked reply plays on at −20 dB and its position advances; the next one is at full level", () => {
  const ear = speaker();
  ear.hear(1, 0.4);
  ear.hear(2, 0.4);
  ear.player.ducking.confirm(1);

  const ducked = ear.run(0.3).subarray(4800);
  ear.run(0.2);
  const next = ear.run(0.2);

  assert.ok(Math.abs(10 * Math.log10(power(ducked) / 0.125) - -20) < 0.5);
  assert.ok(Math.abs(10 * Math.log10(power(next) / 0.125)) < 0.5);
  assert.equal(ear.said("progress")[0].reply_sample, 6016);
});

test("a server that runs far ahead loses what does not fit, not what waits", () => {
  const ear = speaker();
  ear.hear(1, 12);

  const played_s = power(ear.run(13)) / 0.125 * 13;

  assert.ok(Math.abs(played_s - 10) < 0.1, `${played_s} s`);
});
