/* Loudness of what was played, every 50 ms. Pure. */

const INTERVAL_S = 0.05;
const SILENCE_DB = -100;

export class Meter {
  #energy = 0;
  #count = 0;

  /** @param {number} rate_hz */
  constructor(rate_hz) {
    this.interval = INTERVAL_S * rate_hz;
  }

  /** The level in dBFS once enough has been added, else null. @param {Float32Array} values */
  add(values) {
    for (const value of values) this.#energy += value * value;
    this.#count += values.length;
    if (this.#count < this.interval) return null;
    const level_db = Math.max(SILENCE_DB, 10 * Math.log10(this.#energy / this.#count));
    this.#energy = this.#count = 0;
    return level_db;
  }
}
