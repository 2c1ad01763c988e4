/* Which sample of the sent microphone stream was recorded when. Pure. Indices count what was sent on
   one connection, as the server counts what it received; times are those of the AudioContext. */

import { INPUT_HZ } from "./wire.js";

const KEPT = 1500;
const GAP_S = 0.1;
/** Further than this from a sent frame, a sample has no time: muted, or not sent yet. */

export class Timeline {
  /** @type {{sample: number, time_s: number, sent_s: number}[]} */
  #sent = [];
  #samples = 0;

  /** @param {number} samples @param {number} time_s of the first of them @param {number} sent_s now */
  add(samples, time_s, sent_s) {
    this.#sent.push({ sample: this.#samples, time_s, sent_s });
    if (this.#sent.length > KEPT) this.#sent.shift();
    this.#samples += samples;
  }

  /** Another connection: the server counts from 0 again. */
  restart() {
    this.#sent = [];
    this.#samples = 0;
  }

  /**
   * When a sample was recorded and when it was sent; null when that was too long ago or never.
   * @param {number} sample
   */
  timesOf(sample) {
    if (sample > this.#samples) return null;
    const frame = this.#sent.findLast((sent) => sent.sample <= sample);
    if (!frame) return null;
    return { time_s: frame.time_s + (sample - frame.sample) / INPUT_HZ, sent_s: frame.sent_s };
  }

  /**
   * The sample recorded at a time; null when the microphone was muted or lags behind.
   * @param {number} time_s
   */
  sampleAt(time_s) {
    const frame = this.#sent.findLast((sent) => sent.time_s <= time_s);
    if (!frame || time_s - frame.time_s > GAP_S) return null;
    return Math.round(frame.sample + (time_s - frame.time_s) * INPUT_HZ);
  }
}
