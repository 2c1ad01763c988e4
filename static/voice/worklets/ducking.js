/* Which reply is played softly, and for how long. Pure; its clock is the count of frames.
   Here one can only suspect that the user speaks; the server knows, a little later. */

export const DUCKED_GAIN = 0.1;
/** −20 dB. */
const SUSPECTED_S = 0.48;
/** A suspicion that nobody confirms is over half a second after the onset, which took 20 ms to hear. */

export class Ducking {
  /** @type {number | null} */
  reply = null;
  #until = Infinity;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.suspected = SUSPECTED_S * device_hz;
  }

  /** Somebody seems to speak over this reply. @param {number} reply @param {number} frame */
  suspect(reply, frame) {
    if (this.reply === reply && this.#until === Infinity) return;
    this.reply = reply;
    this.#until = frame + this.suspected;
  }

  /** The server says so: until it says otherwise. @param {number} reply */
  confirm(reply) {
    this.reply = reply;
    this.#until = Infinity;
  }

  lift() {
    this.reply = null;
    this.#until = Infinity;
  }

  /** Whether a suspicion ends now because nobody has confirmed it. @param {number} frame */
  expires(frame) {
    if (frame < this.#until) return false;
    this.lift();
    return true;
  }
}
