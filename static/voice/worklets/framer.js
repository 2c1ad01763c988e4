/* Microphone blocks at the device's rate in, 20 ms frames of 16-bit samples at 16 kHz out. Pure.
   A frame carries the time of its first sample on the clock of the AudioContext. */

import { Resampler } from "./resampler.js";

const FRAME_HZ = 16_000;
const FRAME_SAMPLES = 320;
const SILENCE_DB = -100;

/** @typedef {{pcm: ArrayBuffer, time_s: number, level_db: number}} MicFrame as in wire.js */

export class Framer {
  /** @param {number} device_hz */
  constructor(device_hz) {
    this.device_hz = device_hz;
    this.resampler = new Resampler(device_hz, FRAME_HZ);
    this.resampled = new Float32Array(0);
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
    this.energy = 0;
    this.samplesIn = 0;
    this.samplesOut = 0;
  }

  /**
   * Take a block; frames that are complete by now are returned, mostly none.
   * @param {Float32Array} block
   * @param {number} time_s of its first sample
   * @returns {MicFrame[]}
   */
  push(block, time_s) {
    const capacity = this.resampler.capacity(block.length);
    if (capacity > this.resampled.length) this.resampled = new Float32Array(capacity);
    const count = this.resampler.process(block, this.resampled);
    // Counted from the block's own time, so that a pause of the input shifts nothing.
    const origin_s = time_s - this.samplesIn / this.device_hz;
    this.samplesIn += block.length;

    const frames = [];
    for (let i = 0; i < count; i++) {
      if (this.#add(this.resampled[i])) frames.push(this.#complete(origin_s));
    }
    return frames;
  }

  /** Whether the frame is full now. @param {number} value */
  #add(value) {
    const clipped = Math.max(-1, Math.min(1, value));
    this.frame[this.filled++] = Math.round(clipped * 32767);
    this.energy += clipped * clipped;
    return this.filled === FRAME_SAMPLES;
  }

  /** @param {number} origin_s @returns {MicFrame} */
  #complete(origin_s) {
    const time_s = origin_s + this.samplesOut / FRAME_HZ;
    const level_db = Math.max(SILENCE_DB, 10 * Math.log10(this.energy / FRAME_SAMPLES));
    const pcm = this.frame.buffer;
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.samplesOut += FRAME_SAMPLES;
    this.filled = 0;
    this.energy = 0;
    return { pcm, time_s, level_db };
  }
}
