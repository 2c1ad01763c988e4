/* The speaker: hands reply audio to its worklet and says what of it is heard. A thin shell; what
   plays when is decided in worklets/player.js. Times are of the AudioContext's clock. */

import { Output } from "./output.js";
import { OUTPUT_HZ } from "./wire.js";

/** @typedef {import("./wire.js").ReplyAudio} ReplyAudio */
/** @typedef {import("./worklets/player.js").PlayerEvent} PlayerEvent */
/** @typedef {import("./worklets/speaker.js").Hop} Hop */
/** @typedef {import("./worklets/speaker.js").SpeakerEvent} SpeakerEvent */
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
 * @property {(reply: number, ducked: boolean, time_s: number) => void} onducked soft from then on, or
 *   full again
 * @property {(hops: Hop[]) => void} oncompared 100 ms of what was played and what the microphone heard
 * @property {(path: import("./output.js").Path) => void} onpath which way the sound goes now
 * @property {() => void} onfailed there will be no sound
 */

export class Playback {
  /**
   * What is asked before the worklet is loaded is done then, in the same order.
   * @type {Promise<AudioWorkletNode>}
   */
  #node;
  /** @type {Output | null} */
  #output = null;
  #isClosed = false;
  /** @type {number | null} */
  #playing = null;

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
    if (this.#playing === reply) this.#output?.cut();
  }

  /** @param {number} reply */
  duck(reply) {
    this.#command({ type: "duck", reply });
  }

  unduck() {
    this.#command({ type: "unduck" });
  }

  /** How long the server's word on who speaks may be on its way. @param {number} rtt_ms there and back */
  expectAfter(rtt_ms) {
    this.#command({ type: "expect", after_s: rtt_ms / 1000 });
  }

  /**
   * Listen to this microphone while playing: who begins to speak over a reply makes it soft.
   * @param {AudioNode} source
   */
  listenTo(source) {
    this.#node.then(
      (node) => source.connect(node),
      () => undefined,
    );
  }

  /** Whether to tell what is played and what is heard, by `oncompared`. @param {boolean} wanted */
  compare(wanted) {
    this.#command({ type: "compare", wanted });
  }

  chime() {
    this.#command({ type: "chime" });
  }

  /** Whether the sound goes by the loop now: where that can't be, it goes on straight. */
  async throughLoop() {
    await this.#output?.throughLoop();
    return this.path === "loop";
  }

  get path() {
    return this.#output?.path ?? "direct";
  }

  close() {
    this.#isClosed = true;
    this.#output?.close();
    this.#command({ type: "close" });
  }

  /** From the context's clock to the ear, in seconds. */
  get latency_s() {
    const { outputLatency, baseLatency } = this.context;
    return (outputLatency || baseLatency || 0) + (this.#output?.latency_s ?? 0);
  }

  /** @param {string} worklet */
  async #load(worklet) {
    await this.context.audioWorklet.addModule(worklet);
    const node = new AudioWorkletNode(this.context, "playback", {
      channelCount: 1,
      channelCountMode: "explicit",
      outputChannelCount: [1],
    });
    node.port.onmessage = (event) => this.#happened(event.data);
    this.#output = new Output(node, (path) => this.#changed(path));
    return node;
  }

  /** @param {import("./output.js").Path} path */
  #changed(path) {
    this.#command({ type: "gain", outside: path === "loop" });
    this.listener.onpath(path);
  }

  /** @param {PlaybackCommand} command @param {Transferable[]} [transfer] */
  #command(command, transfer = []) {
    this.#node.then(
      (node) => node.port.postMessage(command, transfer),
      () => undefined, // said once, by onfailed
    );
  }

  /** @param {SpeakerEvent} event */
  #happened(event) {
    switch (event.type) {
      case "level":
        return this.listener.onlevel(event.level_db);
      case "compared":
        return this.listener.oncompared(event.hops);
      case "ducked":
      case "unducked":
        return this.#ducked(event.reply, event.type === "ducked", event.frame);
      case "audible":
        this.#playing = event.reply;
        return this.listener.onaudible(event.reply, this.#atEar_s(event.frame));
      case "progress":
        return this.listener.onprogress(this.#progress(event, Math.round(this.latency_s * OUTPUT_HZ)));
      case "stopped": {
        const frame = event.audible_frame;
        if (this.#playing === event.reply) this.#playing = null;
        this.listener.onprogress(this.#progress(event, 0));
        this.listener.onstopped(event.reply, frame === null ? null : this.#atEar_s(frame));
      }
    }
  }

  /** @param {number} reply @param {boolean} ducked @param {number} frame */
  #ducked(reply, ducked, frame) {
    this.#output?.duck(ducked);
    // Behind a loop it is the output that ducks, and what is ducked there has been through already.
    const ahead_s = this.#output?.latency_s ?? 0;
    this.listener.onducked(reply, ducked, this.#atEar_s(frame) - ahead_s);
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
