/* Decides what the speaker plays: reply audio in, blocks at the device's rate and events out. Pure;
   its clock is the count of frames. A dropped reply stays dropped: late audio of it is not taken. */

import { DUCKED_GAIN, Ducking } from "./ducking.js";
import { Incoming } from "./incoming.js";
import { Meter } from "./meter.js";
import { AudioQueue } from "./queue.js";
import { Ramp } from "./ramp.js";
import { StartBuffer } from "./start_buffer.js";

const QUEUE_S = 10;
/** The server runs ahead by 2 s at most; of a server that does not, the rest is lost. */
const FADE_S = 0.005;
const REPORT_S = 0.25;
const AUDIBLE = 0.001;
/** −60 dBFS: what lies below counts as silence. */

/**
 * `reply_sample` counts at 24 kHz, `frame` as the AudioContext does.
 * @typedef {{reply: number, reply_sample: number, underruns: number, frame: number}} Position
 * @typedef {{type: "progress"} & Position
 *   | {type: "stopped", audible_frame: number | null} & Position
 *   | {type: "audible" | "ducked" | "unducked", reply: number, frame: number}
 *   | {type: "level", level_db: number}} PlayerEvent
 */
/**
 * The reply that plays, or did last. `dry`: the frame at which there was nothing left of it.
 * @typedef {{reply: number, sample: number, underruns: number, audible: boolean, dry: number | null}} Current
 */

export class Player {
  playing = false;
  /** @type {Current | null} */
  current = null;
  /** @type {Set<number>} */
  #dropped = new Set();
  #gainOutside = false;
  /** The reply that was last said to be ducked. @type {number | null} */
  #ducked = null;
  #frame = 0;
  #reported = 0;
  /** @type {number | null} */
  #audible_frame = null;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.device_hz = device_hz;
    this.queue = new AudioQueue(QUEUE_S * device_hz);
    this.incoming = new Incoming(device_hz);
    this.start = new StartBuffer();
    this.meter = new Meter(device_hz);
    this.ducking = new Ducking(device_hz);
    this.gain = new Ramp(device_hz);
  }

  /** @param {import("./incoming.js").ReplyAudio} audio one reply after another, each in order */
  receive(audio) {
    if (this.#dropped.has(audio.reply)) return;
    this.#noteUnderrun(audio.reply);
    if (!this.incoming.continues(audio)) {
      this.#flush();
      this.incoming.begin(audio);
    }
    this.queue.push(this.incoming.add(audio));
  }

  /** Nothing of this reply is heard from now on, but a fade of 5 ms. @param {number} reply */
  drop(reply) {
    this.#dropped.add(reply);
    if (this.ducking.reply === reply) this.ducking.lift();
    this.queue.drop(reply, this.playing ? Math.round(FADE_S * this.device_hz) : 0);
    if (this.incoming.reply === reply) this.incoming.drop();
  }

  /** Somebody seems to speak over what plays, if anything does. @param {number} frame */
  suspect(frame) {
    if (this.playing && this.current) this.ducking.suspect(this.current.reply, frame);
  }

  /** Whether something behind makes a ducked reply soft, which stays loud here. @param {boolean} outside */
  leaveGain(outside) {
    this.#gainOutside = outside;
  }

  /**
   * Fill a block.
   * @param {Float32Array} output
   * @param {number} frame of its first sample
   * @returns {PlayerEvent[]}
   */
  render(output, frame) {
    this.#frame = frame;
    output.fill(0);
    /** @type {PlayerEvent[]} */
    const events = [];
    if (!this.playing) this.#maybeStart(output.length);
    let filled = 0;
    while (this.playing && filled < output.length) {
      const head = this.#head();
      if (this.current && head?.reply !== this.current.reply) this.#stop(frame + filled, events);
      if (head) filled += this.#play(head, output.subarray(filled), frame + filled, events);
      else this.playing = false;
    }
    this.#tellDucking(frame, events);
    this.#report(output, frame + output.length, events);
    return events;
  }

  /** @param {number} block */
  #maybeStart(block) {
    if (this.queue.length === 0 && !this.incoming.holds) this.start.restart();
    else this.playing = this.start.isFull(this.queue.length / this.device_hz, block / this.device_hz);
  }

  #head() {
    if (!this.queue.head) this.#flush();
    return this.queue.head;
  }

  #flush() {
    const tail = this.incoming.flush();
    if (tail) this.queue.push(tail);
  }

  /**
   * @param {import("./queue.js").Piece} head
   * @param {Float32Array} output
   * @param {number} frame
   * @param {PlayerEvent[]} events
   */
  #play(head, output, frame, events) {
    const current = this.current?.reply === head.reply ? this.current : this.#begin(head.reply, frame);
    const values = this.queue.take(output.length, this.incoming.step);
    const target = this.#target(head.reply);
    for (let i = 0; i < values.length; i++) {
      output[i] = values[i] * this.gain.toward(target);
      if (Math.abs(output[i]) < AUDIBLE) continue;
      this.#audible_frame = frame + i;
      if (!current.audible) events.push({ type: "audible", reply: head.reply, frame: frame + i });
      current.audible = true;
    }
    current.dry = null;
    current.sample = head.sample + values.length * this.incoming.step;
    return values.length;
  }

  /** @param {number} reply @param {number} frame */
  #begin(reply, frame) {
    if (this.current?.underruns === 0) this.start.wentWell();
    this.#audible_frame = null;
    this.#reported = frame;
    this.gain.value = this.#target(reply);
    return (this.current = { reply, sample: 0, underruns: 0, audible: false, dry: null });
  }

  /** @param {number} reply */
  #target(reply) {
    return this.ducking.reply === reply && !this.#gainOutside ? DUCKED_GAIN : 1;
  }

  /** @param {number} frame @param {PlayerEvent[]} events */
  #tellDucking(frame, events) {
    const { reply } = this.ducking;
    const ducked = this.playing && this.current?.reply === reply ? reply : null;
    if (ducked === this.#ducked) return;
    if (ducked !== null) events.push({ type: "ducked", reply: ducked, frame });
    else if (this.#ducked !== null) events.push({ type: "unducked", reply: this.#ducked, frame });
    this.#ducked = ducked;
  }

  /**
   * The current reply is dry, dropped, or followed by another.
   * @param {number} frame
   * @param {PlayerEvent[]} events
   */
  #stop(frame, events) {
    if (!this.current || this.current.dry !== null) return;
    this.current.dry = frame;
    const position = this.#position(this.current, frame);
    events.push({ type: "stopped", audible_frame: this.#audible_frame, ...position });
  }

  /** @param {number} reply of which more has come: was it missing? */
  #noteUnderrun(reply) {
    const current = this.current;
    if (current?.reply !== reply || current.dry === null) return;
    if (this.queue.length > 0 || this.incoming.holds) return;
    current.underruns += 1;
    this.start.ranDry((this.#frame - current.dry) / this.device_hz);
  }

  /**
   * @param {Float32Array} output
   * @param {number} frame after its last sample
   * @param {PlayerEvent[]} events
   */
  #report(output, frame, events) {
    if (!this.playing || !this.current) return;
    const level_db = this.meter.add(output);
    if (level_db !== null) events.push({ type: "level", level_db });
    if (frame - this.#reported < REPORT_S * this.device_hz) return;
    this.#reported = frame;
    events.push({ type: "progress", ...this.#position(this.current, frame) });
  }

  /** @param {Current} current @param {number} frame @returns {Position} */
  #position({ reply, sample, underruns }, frame) {
    // The last value at the device's rate may stand for a little more than has arrived.
    const arrived = this.incoming.reply === reply ? this.incoming.end : Infinity;
    return { reply, reply_sample: Math.round(Math.min(sample, arrived)), underruns, frame };
  }
}
