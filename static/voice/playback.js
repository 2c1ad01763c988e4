/* The speaker: hands reply audio to its worklet and says what of it is heard. A thin shell; what
   plays when is decided in worklets/player.js. Times are of the AudioContext's clock. */

import { OUTPUT_HZ } from "./wire.js";

/** @typedef {import("./wire.js").ReplyAudio} ReplyAudio */
/** @typedef {import("./worklets/player.js").PlayerEvent} PlayerEvent */
/** @typedef {import("./worklets/playback.js").PlaybackCommand} PlaybackCommand */
/**
 * `time_s`: when the worklet looked. What was rendered of a stopped reply will be heard in any case.
 * @typedef {{reply: number, heard_sample: number, underruns: number, time_s: number, stopped: boolean}} Progress
 */
/**
 * @typedef {object} PlaybackListener
 * @property {(progress: Progress) => void} onprogress every 250 ms, and at once when a reply stops
 * @property {(reply: number, time_s: number) => void} onaudible its first sample above silence, at the ear
 * @property {(reply: number, audible_s: number | null) => void} onstopped its last such sample
 * @property {(level_db: number) => void} onlevel
 * @property {() => void} onfailed there will be no sound
 */

export class Playback {
  /**
   * What is asked before the worklet is loaded is done then, in the same order.
   * @type {Promise<AudioWorkletNode>}
   */
  #node;
  #isClosed = false;

  /** @param {AudioContext} context @param {string} worklet its address @param {PlaybackListener} listener */
  constructor(context, worklet, listener) {
    this.context = context;
    this.listener = listener;
    this.#node = this.#load(worklet);
    this.#node.catch(() => {
      if (!this.#isClosed) listener.onfailed(); // a call that ends while it loads misses nothing
    });
  }

  /** @param {ReplyAudio} audio its samples are gone afterwards */
  receive(audio) {
    this.#command({ type: "audio", ...audio }, [audio.pcm.buffer]);
  }

  /** Silence this reply for good. @param {number} reply */
  drop(reply) {
    this.#command({ type: "drop", reply });
  }

  /** @param {number} reply */
  duck(reply) {
    this.#command({ type: "duck", reply });
  }

  unduck() {
    this.#command({ type: "unduck" });
  }

  close() {
    this.#isClosed = true;
    this.#command({ type: "close" });
  }

  /** From the context's clock to the ear, in seconds. */
  get latency_s() {
    return this.context.outputLatency || this.context.baseLatency || 0;
  }

  /** @param {string} worklet */
  async #load(worklet) {
    await this.context.audioWorklet.addModule(worklet);
    const options = { numberOfInputs: 0, outputChannelCount: [1] };
    const node = new AudioWorkletNode(this.context, "playback", options);
    node.port.onmessage = (event) => this.#happened(event.data);
    node.connect(this.context.destination);
    return node;
  }

  /** @param {PlaybackCommand} command @param {Transferable[]} [transfer] */
  #command(command, transfer = []) {
    this.#node.then(
      (node) => node.port.postMessage(command, transfer),
      () => undefined, // said once, by onfailed
    );
  }

  /** @param {PlayerEvent} event */
  #happened(event) {
    switch (event.type) {
      case "level":
        return this.listener.onlevel(event.level_db);
      case "audible":
        return this.listener.onaudible(event.reply, this.#atEar_s(event.frame));
      case "progress":
        return this.listener.onprogress(this.#progress(event, Math.round(this.latency_s * OUTPUT_HZ)));
      case "stopped": {
        const frame = event.audible_frame;
        this.listener.onprogress(this.#progress(event, 0));
        this.listener.onstopped(event.reply, frame === null ? null : this.#atEar_s(frame));
      }
    }
  }

  /**
   * @param {PlayerEvent & {type: "progress" | "stopped"}} event
   * @param {number} ahead samples that are rendered and not heard yet
   * @returns {Progress}
   */
  #progress({ type, reply, reply_sample, underruns, frame }, ahead) {
    const heard_sample = Math.max(0, reply_sample - ahead);
    const time_s = frame / this.context.sampleRate;
    return { reply, heard_sample, underruns, time_s, stopped: type === "stopped" };
  }

  /** @param {number} frame */
  #atEar_s(frame) {
    return frame / this.context.sampleRate + this.latency_s;
  }
}
