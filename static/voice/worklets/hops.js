/* The level of a signal every 5 ms, each over the last 10 ms: short enough for the onset of a word, and
   long enough that the pulses of a low voice do not show. Pure. */

export const HOP_S = 0.005;
const SILENCE_DB = -100;
const RUMBLE_HZ = 150;

export class Hops {
  #energy = 0;
  #before = 0;
  #filled = 0;
  #low = 0;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.samples = Math.round(HOP_S * device_hz);
    this.pull = 1 - Math.exp((-2 * Math.PI * RUMBLE_HZ) / device_hz);
  }

  /** Take one sample; the level in dBFS when that completes a hop, else null. @param {number} value */
  add(value) {
    this.#low += (value - this.#low) * this.pull;
    this.#energy += (value - this.#low) ** 2;
    if (++this.#filled < this.samples) return null;
    const mean = (this.#energy + this.#before) / (2 * this.samples);
    this.#before = this.#energy;
    this.#energy = this.#filled = 0;
    return Math.max(SILENCE_DB, 10 * Math.log10(mean));
  }
}
