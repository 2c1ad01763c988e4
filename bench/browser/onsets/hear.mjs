/* Feeds scenes to the page's own Listener, as the speaker's worklet does, and prints for each from when
   until when a reply would be soft.
   Usage: node hear.mjs FOLDER ROUND_TRIP_S; the folder holds scenes.json and the raw sound. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Ducking } from "../../../static/voice/worklets/ducking.js";
import { Listener } from "../../../static/voice/worklets/listener.js";
import { Resampler } from "../../../static/voice/worklets/resampler.js";

const DEVICE_HZ = 48_000;
const BLOCK = 128;
const REPLY = 1;
const SURE_S = 0.15;
/** What the server needs to know that somebody speaks, without the way there and back. */

/** @param {string} path of float32 at 16 kHz @returns {Float32Array} at the device's rate */
function sound(path) {
  const bytes = readFileSync(path);
  const input = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const resampler = new Resampler(16_000, DEVICE_HZ);
  const output = new Float32Array(resampler.capacity(input.length));
  return output.subarray(0, resampler.process(input, output));
}

/**
 * @param {Float32Array} mic @param {Float32Array} played
 * @param {{speech_s: number, trip_s: number}} truth when somebody speaks, and how far the server is
 */
function ducks(mic, played, { speech_s, trip_s }) {
  const ducking = new Ducking(DEVICE_HZ);
  const listener = new Listener(DEVICE_HZ, ducking);
  ducking.expectAfter(trip_s);
  /** @type {{from_s: number, to_s: number | null}[]} */
  const soft = [];
  for (let frame = 0; frame + BLOCK <= mic.length; frame += BLOCK) {
    const wasSoft = ducking.reply !== null;
    if (frame / DEVICE_HZ >= speech_s + SURE_S + trip_s) ducking.confirm(REPLY);
    listener.expire(frame, true);
    const after = frame + BLOCK;
    const begun = listener.hear(mic.subarray(frame, after), played.subarray(frame, after));
    if (begun) ducking.suspect(REPLY, after);
    const now_s = after / DEVICE_HZ;
    if (ducking.reply !== null && !wasSoft) soft.push({ from_s: now_s, to_s: null });
    if (ducking.reply === null && wasSoft) soft[soft.length - 1].to_s = now_s;
  }
  return soft;
}

const [, , folder, trip_s] = process.argv;
/** @type {{starts_s: number | null}[]} */
const scenes = JSON.parse(readFileSync(join(folder, "scenes.json"), "utf8"));
const heard = scenes.map(({ starts_s }, n) =>
  ducks(sound(join(folder, `${n}.mic`)), sound(join(folder, `${n}.played`)), {
    speech_s: starts_s ?? Infinity,
    trip_s: Number(trip_s),
  }),
);
console.log(JSON.stringify(heard));
