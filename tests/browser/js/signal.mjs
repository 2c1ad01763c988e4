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
