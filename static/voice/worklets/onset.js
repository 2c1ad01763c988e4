/* Hears that somebody begins to speak, by level alone: above the room, and above what may be left of
   our own sound. Light enough for every block. Pure; whether it was speech, the server decides. */

import { EchoPath } from "./echo_path.js";
import { HOP_S, Hops } from "./hops.js";

const ROOM_LOWEST_DB = -50;
/** However quiet a room is, in it one breathes and rustles. */
const ROOM_RISE_DB = 5 * HOP_S;
const ROOM_FIRST_DB = -50;
const OVER_ROOM_DB = 10;
const OVER_ECHO_DB = 10;
const SURE_HOPS = 3;
/** With the 10 ms of the first level these are 20 ms: a click of the mouse is shorter. */
const APART_HOPS = 0.3 / HOP_S;
/** What comes sooner after a sound than this belongs to it. */

export class OnsetDetector {
  #room_db = ROOM_FIRST_DB;
  #echo = new EchoPath();
  #mic;
  #played;
  #loud = 0;
  #quiet = APART_HOPS;
  #onset_gain_db = -Infinity;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.#mic = new Hops(device_hz);
    this.#played = new Hops(device_hz);
  }

  /**
   * Whether a sound has begun in this block.
   * @param {Float32Array} mic
   * @param {Float32Array} played in the same block, as loud as it leaves
   */
  hear(mic, played) {
    let begun = false;
    for (let i = 0; i < mic.length; i++) {
      const mic_db = this.#mic.add(mic[i]);
      const played_db = this.#played.add(played[i]);
      if (mic_db !== null && played_db !== null) begun = this.#hop(mic_db, played_db) || begun;
    }
    return begun;
  }

  /** The sound that began last was no speech: what is as loud counts as our own for a while. */
  wasNone() {
    this.#echo.learn(this.#onset_gain_db);
  }

  /** @param {number} mic_db @param {number} played_db */
  #hop(mic_db, played_db) {
    const room_db = this.#room_db;
    const isLoud = mic_db > Math.max(room_db + OVER_ROOM_DB, this.#echo.most_db + OVER_ECHO_DB);
    this.#loud = isLoud ? this.#loud + 1 : 0;
    const isSpeech = this.#loud >= SURE_HOPS;
    this.#echo.hear(mic_db, { played_db, room_db, isSpeech });
    this.#room_db = Math.max(ROOM_LOWEST_DB, Math.min(mic_db, room_db + ROOM_RISE_DB));
    return this.#begins(isSpeech, isLoud, mic_db);
  }

  /** @param {boolean} isSpeech @param {boolean} isLoud @param {number} mic_db */
  #begins(isSpeech, isLoud, mic_db) {
    if (!isLoud) this.#quiet += 1;
    if (!isSpeech) return false;
    const isNew = this.#quiet >= APART_HOPS;
    this.#quiet = 0;
    if (isNew) this.#onset_gain_db = this.#echo.gain_db(mic_db);
    return isNew;
  }
}
