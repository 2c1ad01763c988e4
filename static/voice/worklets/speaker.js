/* What the speaker's worklet does with a block: plays, listens at the same time whether somebody speaks
   over it, and on demand compares both. Pure. Here no message is between the two, so a reply is soft
   within a block of the onset, however slow page and network are. */

import { Bands } from "./bands.js";
import { chime } from "./chime.js";
import { Listener } from "./listener.js";
import { Player } from "./player.js";

const HOPS_AT_ONCE = 10;
const FADE = 0.98;
/** Of the chime, per sample, once a reply begins. */

/**
 * Levels in dBFS per band, 10 ms of both at the same time.
 * @typedef {{played: number[], mic: number[]}} Hop
 * @typedef {import("./player.js").PlayerEvent | {type: "compared", hops: Hop[]}} SpeakerEvent
 */

export class Speaker {
  #listener;
  #mic;
  #played;
  /** @type {Hop[] | null} */
  #hops = null;
  #chime = new Float32Array(0);
  #chime_gain = 1;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.device_hz = device_hz;
    this.player = new Player(device_hz);
    this.#listener = new Listener(device_hz, this.player.ducking);
    this.#mic = new Bands(device_hz);
    this.#played = new Bands(device_hz);
  }

  /** Whether to tell what is played and what is heard. @param {boolean} wanted */
  compare(wanted) {
    this.#hops = wanted ? [] : null;
  }

  /** The server: nobody interrupts. */
  unduck() {
    this.#listener.unduck();
  }

  chime() {
    this.#chime = chime(this.device_hz);
    this.#chime_gain = 1;
  }

  /**
   * Fill a block.
   * @param {Float32Array} output
   * @param {Float32Array | undefined} mic of the same block, where there is a microphone
   * @param {number} frame of the first sample
   * @returns {SpeakerEvent[]}
   */
  render(output, mic, frame) {
    this.#listener.expire(frame, this.player.playing);
    /** @type {SpeakerEvent[]} */
    const events = this.player.render(output, frame);
    if (this.#chime.length) this.#ring(output);
    if (mic && this.#listener.hear(mic, output)) this.player.suspect(frame + output.length);
    if (mic && this.#hops) this.#compare(mic, output, this.#hops, events);
    return events;
  }

  /** @param {Float32Array} output */
  #ring(output) {
    for (let i = 0; i < Math.min(output.length, this.#chime.length); i++) {
      if (this.player.playing) this.#chime_gain *= FADE;
      output[i] += this.#chime[i] * this.#chime_gain;
    }
    this.#chime = this.#chime.subarray(output.length);
  }

  /**
   * @param {Float32Array} mic
   * @param {Float32Array} output
   * @param {Hop[]} hops so far
   * @param {SpeakerEvent[]} events
   */
  #compare(mic, output, hops, events) {
    for (let i = 0; i < mic.length; i++) {
      const heard = this.#mic.add(mic[i]);
      const played = this.#played.add(output[i]);
      if (heard && played) hops.push({ played, mic: heard });
    }
    if (hops.length < HOPS_AT_ONCE) return;
    events.push({ type: "compared", hops });
    this.#hops = [];
  }
}
