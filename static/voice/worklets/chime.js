/* The sound of a call that begins without a greeting: eight soft notes that rise and fall, each in a band
   of its own, so that the echo test has something to listen for. Pure. */

const NOTES_HZ = [392, 784, 1568, 784, 392, 1568, 784, 392];
const NOTE_S = 0.15;
const LOUDNESS = 0.06;
/** −27 dBFS: softer than any reply. */
const FADE_S = 0.01;

/** @param {number} device_hz */
export function chime(device_hz) {
  const length = Math.round(NOTE_S * device_hz);
  const samples = new Float32Array(length * NOTES_HZ.length);
  NOTES_HZ.forEach((hz, note) => {
    for (let n = 0; n < length; n++) {
      const value = Math.sin((2 * Math.PI * hz * n) / device_hz);
      samples[note * length + n] = LOUDNESS * value * envelope(n / device_hz);
    }
  });
  return samples;
}

/** A struck bell: up at once, down by itself. @param {number} s */
function envelope(s) {
  return Math.min(1, s / FADE_S, (NOTE_S - s) / FADE_S) * Math.exp(-s / 0.08);
}
