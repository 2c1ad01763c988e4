/* Which reply is played softly, and for how long. Pure; its clock is the count of frames.
   Here one can only suspect that the user speaks; the server knows, a little later. */

export const DUCKED_GAIN = 0.1;
/** −20 dB. */
const SUSPECTED_S = 0.48;
/** A suspicion that nobody confirms is over half a second after the onset, which took 20 ms to hear. */
const NEARBY_S = 0.06;
const LATEST_S = 0.5;
/** A server further away is waited for, as long as the sound goes on, by what its word takes longer. */

export class Ducking {
  /** @type {number | null} */
  reply = null;
  #until = Infinity;
  #late = 0;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.device_hz = device_hz;
  }

  /** How long the way to the server and back is. @param {number} seconds */
  expectAfter(seconds) {
    this.#late = this.device_hz * Math.max(0, Math.min(LATEST_S, seconds - NEARBY_S));
  }

  /** Somebody seems to speak over this reply. @param {number} reply @param {number} frame */
  suspect(reply, frame) {
    if (this.reply === reply && this.#until === Infinity) return;
    this.reply = reply;
    this.#until = frame + SUSPECTED_S * this.device_hz;
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

  /**
   * Whether a suspicion ends now because nobody has confirmed it.
   * @param {number} frame
   * @param {boolean} sounds whether what is suspected goes on: then a slow network is waited for
   */
  expires(frame, sounds) {
    if (frame < this.#until + (sounds ? this.#late : 0)) return false;
    this.lift();
    return true;
  }
}
