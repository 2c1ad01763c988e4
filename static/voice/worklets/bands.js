/* The level of a signal in four bands, every 10 ms: what of a sound survives a loudspeaker, a room and a
   microphone, so that it can be known again. Pure. */

export const BAND_HZ = [350, 800, 1_600, 3_000];
const HOP_S = 0.01;
const SILENCE_DB = -100;
const Q = 1.4;

export class Bands {
  #filters;
  #energies = BAND_HZ.map(() => 0);
  #filled = 0;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.samples = Math.round(HOP_S * device_hz);
    this.#filters = BAND_HZ.map((hz) => new BandPass(hz, device_hz));
  }

  /** Take one sample; the levels in dBFS when that completes a hop, else null. @param {number} value */
  add(value) {
    for (let n = 0; n < this.#filters.length; n++) {
      this.#energies[n] += this.#filters[n].next(value) ** 2;
    }
    if (++this.#filled < this.samples) return null;
    const levels = this.#energies.map((energy) => decibels(energy / this.samples));
    this.#energies.fill(0);
    this.#filled = 0;
    return levels;
  }
}

/** A second-order band-pass with a gain of 1 in its centre. */
class BandPass {
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  /** @param {number} hz @param {number} device_hz */
  constructor(hz, device_hz) {
    const angle = (2 * Math.PI * hz) / device_hz;
    const alpha = Math.sin(angle) / (2 * Q);
    this.b = alpha / (1 + alpha);
    this.a1 = (-2 * Math.cos(angle)) / (1 + alpha);
    this.a2 = (1 - alpha) / (1 + alpha);
  }

  /** @param {number} x */
  next(x) {
    const y = this.b * (x - this.#x2) - this.a1 * this.#y1 - this.a2 * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/** @param {number} power */
function decibels(power) {
  return Math.max(SILENCE_DB, 10 * Math.log10(power));
}
