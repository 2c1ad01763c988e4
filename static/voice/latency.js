/* From the end of the user's turn to the first audible sample of the reply, as this client measures
   it. Pure: all times are of the AudioContext's clock, in seconds, and come in as arguments. */

/** @typedef {import("./wire.js").Heard} Heard */

const VOICE_DB = 12;
/** A frame this far above the room's floor counts as voice. */
const FLOOR_RISE_DB = 0.1;
const FLOOR_LOWEST_DB = -70;
/** Replies that answer no turn of the user have no end of speech to count from. */
const UNPROMPTED = ["greeting", "operator", "resumed"];

/** Remembers when the microphone last held a voice, by its level alone. */
export class LastVoice {
  #floor_db = -50;
  /** @type {number | null} */
  time_s = null;

  /** When it was recorded, and about when it was sent; null before the first. */
  get times() {
    return this.time_s === null ? null : { time_s: this.time_s, sent_s: this.time_s };
  }

  /** @param {number} level_db of a frame @param {number} end_s when the frame ended */
  hear(level_db, end_s) {
    const level = Math.max(level_db, FLOOR_LOWEST_DB);
    this.#floor_db = Math.min(level, this.#floor_db + FLOOR_RISE_DB);
    if (level > this.#floor_db + VOICE_DB) this.time_s = end_s;
  }
}

/** Puts together the `heard` message of each reply, once. */
export class ReplyLatency {
  /** @type {{time_s: number, capture_ms: number} | null} */
  #turnEnd = null;
  /** @type {Map<number, {turnEnd: {time_s: number, capture_ms: number}, arrived_s: number | null}>} */
  #replies = new Map();

  /**
   * @param {number} time_s when the user stopped speaking, or pressed Enter
   * @param {number} capture_ms from then until it was handed to the socket
   */
  turnEnded(time_s, capture_ms) {
    this.#turnEnd = { time_s, capture_ms };
  }

  /** @param {number} reply @param {string} source */
  replyStarted(reply, source) {
    if (this.#turnEnd === null || UNPROMPTED.includes(source)) return;
    this.#replies.set(reply, { turnEnd: this.#turnEnd, arrived_s: null });
  }

  /** @param {number} reply @param {number} time_s when audio of it came; the first time counts */
  audioArrived(reply, time_s) {
    const waiting = this.#replies.get(reply);
    if (waiting) waiting.arrived_s ??= time_s;
  }

  /**
   * The message for a reply that is now heard; null if it answers nothing or was reported before.
   * @param {number} reply
   * @param {number} audible_s when its first audible sample leaves the speaker
   * @param {number} network_ms there and back: the last words go up, the first sound comes down
   * @returns {Heard | null}
   */
  audible(reply, audible_s, network_ms) {
    const waiting = this.#replies.get(reply);
    this.#replies.delete(reply);
    if (!waiting || waiting.arrived_s === null) return null;
    return {
      type: "heard",
      reply,
      capture_ms: positive(waiting.turnEnd.capture_ms),
      network_ms: positive(network_ms),
      play_ms: positive(1000 * (audible_s - waiting.arrived_s)),
      total_ms: positive(1000 * (audible_s - waiting.turnEnd.time_s)),
    };
  }
}

/** @param {number} ms */
function positive(ms) {
  return Math.max(0, Math.round(10 * ms) / 10);
}
