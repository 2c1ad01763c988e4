/* What the microphone heard while the socket was not ready: kept, then sent faster than real time.
   Pure. Full means the oldest goes, since the newest words are the ones to answer. */

const FRAME_MS = 20;
const KEPT_MS = 15_000;
const FRAMES_PER_FRAME = 4;

/** @typedef {import("./wire.js").MicFrame} MicFrame */

export class Backlog {
  /** @type {MicFrame[]} */
  #frames = [];

  get ms() {
    return this.#frames.length * FRAME_MS;
  }

  /** @param {MicFrame} frame */
  push(frame) {
    this.#frames.push(frame);
    if (this.ms > KEPT_MS) this.#frames.shift();
  }

  /**
   * What may be sent now, oldest first. Called once for every frame of the microphone, which is what
   * keeps it to four times real time without a clock.
   */
  take() {
    return this.#frames.splice(0, FRAMES_PER_FRAME);
  }

  clear() {
    this.#frames = [];
  }
}
