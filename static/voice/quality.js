/* What the server says of the microphone's sound, in words and bars, and when to say it aloud. Pure. */

/** @typedef {import("./wire.js").AudioMetrics} AudioMetrics */
/** @typedef {"clipping" | "noisy" | "quiet"} Cause */

const CLIPPING = 0.002;
const NOISY_DB = 10;
const CLEAN_DB = 25;
/** From here on noise takes nothing off the quality (voice/audio/quality.py). */
const QUIET = 0.5;
/** Of what noise leaves of the quality: the rest is lost because the voice is too soft. */
const SECONDS = 6;
const BAD_SECONDS = 4;

/** @type {Record<Cause, string>} */
const ADVICE = {
  clipping: "Your microphone is too loud and cuts off: move away from it a little, or turn it down.",
  noisy: "It is noisy around your microphone: come closer to it, use a headset, or find a quieter place.",
  quiet: "Your microphone is very quiet: come closer to it, or turn it up in the system's settings.",
};
const WORDS = ["bad", "weak", "fair", "good"];

/** 0 to 3, for as many bars. @param {AudioMetrics} metrics */
export function bars({ quality }) {
  return Math.min(3, Math.floor(quality / 25));
}

/** @param {AudioMetrics} metrics */
export function summary(metrics) {
  const cause = trouble(metrics);
  return `Microphone: ${WORDS[bars(metrics)]}${cause ? `, ${cause}` : ""}`;
}

/** @param {AudioMetrics} metrics */
export function details({ snr_db, peak_dbfs, quality }) {
  const peak = String(Math.round(peak_dbfs)).replace("-", "−");
  return `quality ${quality} of 100, voice ${Math.round(snr_db)} dB above noise, peak ${peak} dB`;
}

/** What is worst about it, if anything. @param {AudioMetrics} metrics @returns {Cause | null} */
export function trouble({ snr_db, clipping, quality }) {
  if (clipping > CLIPPING) return "clipping";
  if (snr_db < NOISY_DB) return "noisy";
  return quality < QUIET * 100 * Math.min(1, snr_db / CLEAN_DB) ? "quiet" : null;
}

/** Says what to do about a bad microphone: when it has been bad for a while, once per cause. */
export class Hints {
  /** @type {(Cause | null)[]} */
  #lately = [];
  /** @type {Set<Cause>} */
  #given = new Set();

  /** @param {AudioMetrics} metrics of the last second @returns {{code: Cause, text: string} | null} */
  hear(metrics) {
    const cause = trouble(metrics);
    this.#lately = [...this.#lately, cause].slice(-SECONDS);
    if (!cause || this.#given.has(cause)) return null;
    if (this.#lately.filter((each) => each === cause).length < BAD_SECONDS) return null;
    this.#given.add(cause);
    return { code: cause, text: ADVICE[cause] };
  }
}
