/* Hears that somebody begins to speak, by level alone: above the room, and above what may be left of
   our own sound. Light enough for every block. Pure; whether it was speech, the server decides.
   Its numbers were chosen with bench/browser/onsets. */

import { EchoPath } from "./echo_path.js";
import { HOP_S, Hops } from "./hops.js";

const ROOM_LOWEST_DB = -60;
const ROOM_FIRST_DB = -50;
const ROOM_RISE_DB = 5 * HOP_S;
/** However quiet a room is, in it one breathes and rustles; what is softer has to last for longer. */
const LOUD = { lowest_db: -50, over_room_db: 10, over_echo_db: 10, hops: 3 };
/** With the 10 ms of the first level these are 20 ms: a click of the mouse is shorter. */
const SOFT = { lowest_db: -58, over_room_db: 10, over_echo_db: 7, hops: 7 };
const APART_HOPS = 0.3 / HOP_S;
/** What comes sooner after a sound than this belongs to it. */
const PAUSE_HOPS = 0.1 / HOP_S;
/** Between two parts of a sound: a breath and a word, two coughs. */
const OVER_HOPS = 0.2 / HOP_S;

/** @typedef {"sound" | "more"} Begun another sound, or another part of the last one */
/** @typedef {{room_db: number, echo_db: number}} Circumstances how loud both may be without a voice */

export class OnsetDetector {
  #room_db = ROOM_FIRST_DB;
  #echo = new EchoPath();
  #thresholds = [new Threshold(LOUD), new Threshold(SOFT)];
  #mic;
  #played;
  #quiet = APART_HOPS;
  #onset_gain_db = -Infinity;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.#mic = new Hops(device_hz);
    this.#played = new Hops(device_hz);
  }

  /** Whether the last sound goes on; a gap between two words is no end. */
  get sounds() {
    return this.#quiet < OVER_HOPS;
  }

  /**
   * What has begun in this block, if anything.
   * @param {Float32Array} mic
   * @param {Float32Array} played in the same block, as loud as it leaves
   * @returns {Begun | null}
   */
  hear(mic, played) {
    /** @type {Begun | null} */
    let begun = null;
    for (let i = 0; i < mic.length; i++) {
      const mic_db = this.#mic.add(mic[i]);
      const played_db = this.#played.add(played[i]);
      if (mic_db !== null && played_db !== null) begun = this.#hop(mic_db, played_db) ?? begun;
    }
    return begun;
  }

  /**
   * The sound that began last was no speech: what is as loud counts as our own for a while.
   * @param {{isCertain: boolean}} known where the server has said so, the lower threshold is no way around it
   */
  wasNone({ isCertain }) {
    const spare_db = isCertain ? LOUD.over_echo_db - SOFT.over_echo_db : 0;
    this.#echo.learn(this.#onset_gain_db + spare_db);
  }

  /** @param {number} mic_db @param {number} played_db */
  #hop(mic_db, played_db) {
    const room_db = this.#room_db;
    const circumstances = { room_db, echo_db: this.#echo.most_db };
    for (const threshold of this.#thresholds) threshold.hear(mic_db, circumstances);
    const isSpeech = this.#thresholds.some((threshold) => threshold.isSure);
    this.#echo.hear(mic_db, { played_db, room_db, isSpeech });
    this.#room_db = Math.max(ROOM_LOWEST_DB, Math.min(mic_db, room_db + ROOM_RISE_DB));
    return this.#begins(isSpeech, mic_db);
  }

  /** @param {boolean} isSpeech @param {number} mic_db @returns {Begun | null} */
  #begins(isSpeech, mic_db) {
    if (!this.#thresholds.some((threshold) => threshold.isOver)) this.#quiet += 1;
    if (!isSpeech) return null;
    const quiet = this.#quiet;
    this.#quiet = 0;
    if (quiet < PAUSE_HOPS) return null;
    const gain_db = this.#echo.gain_db(mic_db);
    const isMore = quiet < APART_HOPS;
    this.#onset_gain_db = isMore ? Math.max(gain_db, this.#onset_gain_db) : gain_db;
    return isMore ? "more" : "sound";
  }
}

/** A level, and how long something has to be above it. */
class Threshold {
  #hops = 0;

  /** @param {{lowest_db: number, over_room_db: number, over_echo_db: number, hops: number}} limits */
  constructor(limits) {
    this.limits = limits;
  }

  get isOver() {
    return this.#hops > 0;
  }

  get isSure() {
    return this.#hops >= this.limits.hops;
  }

  /** @param {number} mic_db @param {Circumstances} circumstances */
  hear(mic_db, { room_db, echo_db }) {
    const { lowest_db, over_room_db, over_echo_db } = this.limits;
    const least_db = Math.max(Math.max(room_db, lowest_db) + over_room_db, echo_db + over_echo_db);
    this.#hops = mic_db > least_db ? this.#hops + 1 : 0;
  }
}
