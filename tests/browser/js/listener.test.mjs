import assert from "node:assert/strict";
import { test } from "node:test";

import { Ducking } from "../../../static/voice/worklets/ducking.js";
import { Listener } from "../../../static/voice/worklets/listener.js";
import { blocks, dice, joined, noise, syllables, tone } from "./signal.mjs";

const DEVICE_HZ = 48_000;
const BLOCK = 128;
const REPLY = 1;

/** A listener under a reply, and when, in milliseconds, it suspected somebody. */
function place({ trip_s = 0 } = {}) {
  const ducking = new Ducking(DEVICE_HZ);
  const listener = new Listener(DEVICE_HZ, ducking);
  ducking.expectAfter(trip_s);
  const reply = tone(300, DEVICE_HZ, BLOCK, 0.1);
  let frame = 0;
  return {
    listener,
    ducking,
    /** @param {Float32Array} mic */
    run(mic) {
      const suspected = [];
      const first = frame;
      for (const block of blocks(mic, BLOCK)) {
        listener.expire(frame, true);
        frame += block.length;
        if (!listener.hear(block, reply.subarray(0, block.length))) continue;
        ducking.suspect(REPLY, frame);
        suspected.push(Math.round((1000 * (frame - first)) / DEVICE_HZ));
      }
      return suspected;
    },
  };
}

/** @param {number} seconds */
const room = (seconds) => noise(seconds * DEVICE_HZ, 0.0005, dice(8));
const breath = noise(0.3 * DEVICE_HZ, 0.01, dice(9));
const voice = syllables(0.6, DEVICE_HZ, 0.2);

test("a voice just after a breath is the same suspicion", () => {
  const here = place();
  here.run(room(4));

  assert.equal(here.run(joined([breath, room(0.12), voice.subarray(0, 0.05 * DEVICE_HZ)])).length, 1);
  assert.equal(here.ducking.reply, REPLY);
});

test("a voice is suspected again when the suspicion of the breath before it has expired", () => {
  const here = place();
  here.run(room(4));
  here.run(joined([breath, breath, room(0.15)]));
  assert.equal(here.ducking.reply, null);

  const [suspected] = here.run(voice);

  assert.ok(suspected <= 50, `${suspected} ms`);
});

test("as long as the voice goes on, the word of a server far away is waited for", () => {
  for (const [trip_s, reply] of [[0, null], [0.4, REPLY]]) {
    const here = place({ trip_s: Number(trip_s) });
    here.run(room(4));

    here.run(tone(400, DEVICE_HZ, 0.6 * DEVICE_HZ, 0.2));

    assert.equal(here.ducking.reply, reply);
  }
});

test("a sound that the server has let pass is not suspected again after a short pause", () => {
  const here = place();
  const word = voice.subarray(0, 0.3 * DEVICE_HZ);
  here.run(room(4));
  here.run(word);
  here.listener.unduck();

  assert.deepEqual(here.run(joined([room(0.15), word])), []);
});
