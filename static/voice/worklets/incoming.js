/* Turns what arrives of the replies into pieces at the device's rate. Pure.
   The resampler holds back half a millisecond until it knows what follows; `flush` gets it out. */

import { Resampler } from "./resampler.js";

export const REPLY_HZ = 24_000;

/** @typedef {import("./queue.js").Piece} Piece */
/**
 * `sample` is the index of the first in the reply.
 * @typedef {{reply: number, sample: number, pcm: Int16Array}} ReplyAudio
 */

export class Incoming {
  /** @type {number | null} */
  reply = null;
  /** Samples of the reply that have arrived. */
  end = 0;
  #start = 0;
  #written = 0;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.step = REPLY_HZ / device_hz;
    this.resampler = new Resampler(REPLY_HZ, device_hz);
  }

  /** Whether something of the reply is still inside. */
  get holds() {
    return this.reply !== null && this.#start !== this.end;
  }

  /** Whether this goes on where the last one ended. @param {ReplyAudio} audio */
  continues({ reply, sample }) {
    return this.reply === reply && this.end === sample;
  }

  /** Begin with another reply, or after a gap. Flush before, or lose the tail. @param {ReplyAudio} audio */
  begin({ reply, sample }) {
    this.reply = reply;
    this.end = sample;
    this.#restart();
  }

  /** @param {ReplyAudio} audio that continues @returns {Piece} */
  add({ pcm }) {
    const values = Float32Array.from(pcm, (value) => value / 32768);
    const output = new Float32Array(this.resampler.capacity(values.length));
    this.end += pcm.length;
    return this.#piece(output.subarray(0, this.resampler.process(values, output)));
  }

  /** @returns {Piece | null} */
  flush() {
    if (!this.holds) return null;
    const output = new Float32Array(this.resampler.capacity(this.resampler.half));
    const piece = this.#piece(output.subarray(0, this.resampler.flush(output)));
    this.#restart();
    return piece;
  }

  /** Forget a reply. */
  drop() {
    this.reply = null;
    this.#restart();
  }

  #restart() {
    this.resampler.restart();
    this.#start = this.end;
    this.#written = 0;
  }

  /** @param {Float32Array} values following what was written before @returns {Piece} */
  #piece(values) {
    const sample = this.#start + this.#written * this.step;
    this.#written += values.length;
    return { reply: /** @type {number} */ (this.reply), sample, values };
  }
}
