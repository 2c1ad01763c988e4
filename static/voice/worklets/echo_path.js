/* How loud our own sound may come back through the microphone at this moment. Pure, one call per hop.
   It comes back late by an unknown time, so the loudest of the last 300 ms is what it is compared with.
   How much softer it is than that is learned while nobody speaks, and forgotten slowly. */

import { HOP_S } from "./hops.js";

const BIN_HOPS = 0.05 / HOP_S;
const BINS = 7;
const SETTLED_HOPS = 0.15 / HOP_S;
/** What the microphone holds teaches us about the echo when it was not taken for speech this long after. */
const HEARD_DB = -35;
/** A reply softer than this teaches nothing: beside one that is ducked, the room would count as its echo. */
const FIRST_DB = -6;
/** Before anything is known, and at most: a laptop without an echo canceller. */
const LEAST_DB = -60;
const FORGETTING_DB = 15 * HOP_S;
const TAIL_DB = 90 * HOP_S;
/** A sound that has ended leaves the room at this rate, 60 dB in two thirds of a second. */
const SILENCE_DB = -100;

export class EchoPath {
  #gain_db = FIRST_DB;
  #played_db = SILENCE_DB;
  #loudest = new Array(BINS).fill(SILENCE_DB);
  #hops = 0;
  /** @type {number[]} */
  #unsettled = [];

  /** The loudest that our own sound may be in the microphone now, in dBFS. */
  get most_db() {
    return this.#played_db + this.#gain_db;
  }

  /**
   * @param {number} mic_db of this hop
   * @param {{played_db: number, room_db: number, isSpeech: boolean}} circumstances
   */
  hear(mic_db, { played_db, room_db, isSpeech }) {
    this.#play(played_db);
    if (this.#played_db < HEARD_DB) return;
    if (isSpeech) this.#unsettled = [];
    else this.#unsettled.push(this.gain_db(mic_db));
    // An echo that would drown in the noise of the room can't be seen to be softer still.
    if (this.most_db > room_db) this.#gain_db = Math.max(LEAST_DB, this.#gain_db - FORGETTING_DB);
    if (this.#unsettled.length > SETTLED_HOPS) this.learn(this.#unsettled.shift() ?? LEAST_DB);
  }

  /** How much louder this is than what is played; −Infinity where that is too soft to tell. @param {number} mic_db */
  gain_db(mic_db) {
    return this.#played_db < HEARD_DB ? -Infinity : mic_db - this.#played_db;
  }

  /** What was so much louder than what was played was our own. @param {number} gain_db */
  learn(gain_db) {
    this.#gain_db = Math.max(this.#gain_db, Math.min(FIRST_DB, gain_db));
  }

  /** @param {number} played_db */
  #play(played_db) {
    if (this.#hops++ % BIN_HOPS === 0) {
      this.#loudest.pop();
      this.#loudest.unshift(SILENCE_DB);
    }
    this.#loudest[0] = Math.max(this.#loudest[0], played_db);
    this.#played_db = Math.max(this.#played_db - TAIL_DB, ...this.#loudest);
  }
}
