/* Listens whether somebody speaks over a reply, and knows when a suspicion of that was none. Pure. */

import { OnsetDetector } from "./onset.js";

export class Listener {
  #onset;
  /** Whether the suspicion of the last sound has ended with nobody's word on it. */
  #expired = false;

  /** @param {number} device_hz @param {import("./ducking.js").Ducking} ducking */
  constructor(device_hz, ducking) {
    this.#onset = new OnsetDetector(device_hz);
    this.ducking = ducking;
  }

  /** End a suspicion that nobody has confirmed in time. @param {number} frame @param {boolean} playing */
  expire(frame, playing) {
    if (!this.ducking.expires(frame, this.#onset.sounds)) return;
    if (playing) this.#onset.wasNone({ isCertain: false });
    this.#expired = true;
  }

  /** The server: nobody interrupts. */
  unduck() {
    if (this.ducking.reply !== null) this.#onset.wasNone({ isCertain: true });
    this.ducking.lift();
    this.#expired = false;
  }

  /**
   * Whether somebody seems to begin to speak. A breath is heard before many a word: what goes on more
   * loudly than what was none is suspected anew.
   * @param {Float32Array} mic
   * @param {Float32Array} played in the same block
   */
  hear(mic, played) {
    const begun = this.#onset.hear(mic, played);
    if (begun === null || (begun === "more" && !this.#expired)) return false;
    this.#expired = false;
    return true;
  }
}
