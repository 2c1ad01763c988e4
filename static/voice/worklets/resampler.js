/* Streaming change of sample rate: a polyphase windowed sinc. Pure; runs in an AudioWorklet.
   Output sample n stands exactly at input time n·from/to: the filter adds waiting, never an offset. */

const ZERO_CROSSINGS = 24;
/** On each side of the centre: 1.5 ms of waiting at 16 kHz. */
const CUTOFF = 0.9;
/** Of the lower Nyquist frequency: with this length and window, what lies above it is 80 dB down. */
const KAISER_BETA = 8;

export class Resampler {
  /** Input that is still needed: what lies up to `half` before the next output, and all after it. */
  buffer = new Float32Array(0);
  filled = 0;
  /** Of the next output: the index in `buffer` of the input just before it, and how far beyond, in 1/up. */
  at = 0;
  phase = 0;

  /** @param {number} from_hz @param {number} to_hz whole numbers */
  constructor(from_hz, to_hz) {
    const divisor = greatestCommonDivisor(from_hz, to_hz);
    this.up = to_hz / divisor;
    this.down = from_hz / divisor;
    this.half = Math.ceil(ZERO_CROSSINGS * Math.max(1, from_hz / to_hz));
    this.phases = filter(this.up, this.half, CUTOFF * Math.min(1, to_hz / from_hz));
    this.restart();
  }

  /** Forget what came before. */
  restart() {
    this.buffer = new Float32Array(4 * this.half);
    this.filled = this.half - 1;
    this.at = this.half - 1;
    this.phase = 0;
  }

  /** How many samples `process` may write for this many. @param {number} samples */
  capacity(samples) {
    return Math.ceil(((samples + this.half) * this.up) / this.down) + 1;
  }

  /**
   * Write what can be computed by now into `output`; the count of it is returned.
   * @param {Float32Array} input
   * @param {Float32Array} output at least `capacity(input.length)` long
   */
  process(input, output) {
    this.#append(input);
    let count = 0;
    while (this.at + this.half < this.filled) {
      output[count++] = this.#sample();
      this.phase += this.down;
      this.at += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.#forget();
    return count;
  }

  /** Write what still waits for input that will not come, and start anew. @param {Float32Array} output */
  flush(output) {
    const count = this.process(new Float32Array(this.half), output);
    this.restart();
    return count;
  }

  #sample() {
    const taps = this.phases[this.phase];
    const first = this.at - this.half + 1;
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k] * this.buffer[first + k];
    return sum;
  }

  /** @param {Float32Array} input */
  #append(input) {
    const needed = this.filled + input.length;
    if (needed > this.buffer.length) {
      const larger = new Float32Array(2 * needed);
      larger.set(this.buffer.subarray(0, this.filled));
      this.buffer = larger;
    }
    this.buffer.set(input, this.filled);
    this.filled = needed;
  }

  #forget() {
    const first = Math.min(this.at - this.half + 1, this.filled);
    this.buffer.copyWithin(0, first, this.filled);
    this.filled -= first;
    this.at -= first;
  }
}

/**
 * One row of 2·half taps per phase, each adding up to 1 so that no phase is louder than another.
 * @param {number} up @param {number} half @param {number} cutoff of the input's Nyquist frequency
 */
function filter(up, half, cutoff) {
  return Array.from({ length: up }, (_, phase) => {
    const taps = Float32Array.from({ length: 2 * half }, (_, k) => {
      const x = k - half + 1 - phase / up;
      return sinc(cutoff * x) * kaiser(x / half);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return taps.map((tap) => tap / sum);
  });
}

/** @param {number} x */
function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param {number} x −1 to 1 */
function kaiser(x) {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** The modified Bessel function I₀, by its series. @param {number} x */
function bessel(x) {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** @param {number} a @param {number} b @returns {number} */
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
