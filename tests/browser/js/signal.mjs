/* Tones to feed, and what is left of them. */

/** @param {number} hz @param {number} rate_hz @param {number} samples @param {number} [amplitude] */
export function tone(hz, rate_hz, samples, amplitude = 0.5) {
  return Float32Array.from({ length: samples }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / rate_hz));
}

/** @param {Float32Array} signal */
export function power(signal) {
  return signal.reduce((sum, value) => sum + value * value, 0) / signal.length;
}

/** Power of `wanted` over that of the difference, in dB. @param {Float32Array} got @param {Float32Array} wanted */
export function snr_db(got, wanted) {
  const noise = got.map((value, n) => value - wanted[n]);
  return 10 * Math.log10(power(wanted) / Math.max(power(noise), 1e-20));
}

/** @param {Float32Array} signal @param {number} size */
export function* blocks(signal, size) {
  for (let at = 0; at < signal.length; at += size) yield signal.subarray(at, at + size);
}

/** @param {Float32Array} signal */
export function to_s16(signal) {
  return Int16Array.from(signal, (value) => Math.round(value * 32767));
}

/** @param {Float32Array[]} parts */
export function joined(parts) {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers from [0, 1), the same in every run. @param {number} seed */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** White noise of that RMS. @param {number} samples @param {number} rms @param {() => number} random */
export function noise(samples, rms, random) {
  return Float32Array.from({ length: samples }, () => Math.sqrt(12) * rms * (random() - 0.5));
}

/**
 * Something like a voice: four words in three seconds, of syllables that differ in pitch and colour.
 * @param {number} seconds @param {number} rate_hz @param {number} amplitude @param {number} [seed]
 */
export function syllables(seconds, rate_hz, amplitude, seed = 7) {
  const random = dice(seed);
  const samples = new Float32Array(Math.round(seconds * rate_hz));
  for (let at = 0; at < samples.length; ) {
    const length = Math.round((0.1 + 0.15 * random()) * rate_hz);
    const [pitch, colour] = [110 + 60 * random(), 400 + 2000 * random()];
    for (let n = 0; n < length && at + n < samples.length; n++) {
      samples[at + n] = amplitude * Math.sin((Math.PI * n) / length) ** 0.5 * voiced(n / rate_hz, pitch, colour);
    }
    at += length + Math.round((random() < 0.3 ? 0.15 : 0.02) * rate_hz);
  }
  return samples;
}

/** @param {number} t @param {number} pitch @param {number} colour */
function voiced(t, pitch, colour) {
  const pulse = Math.sin(2 * Math.PI * pitch * t) + Math.sin(6 * Math.PI * pitch * t) / 2;
  return (pulse + Math.sin(2 * Math.PI * colour * t) / 2) / 2;
}
