/* Whether there is a microphone to be heard through: asked for, muted, refused, gone, back again.
   The sound itself comes from capture.js. */

import { Capture, askForMicrophone, microphoneTrouble } from "./capture.js";

/** @typedef {import("./state.js").Microphone} MicrophoneState */
/**
 * @typedef {object} MicrophoneListener
 * @property {(state: MicrophoneState) => void} onchange
 * @property {(frame: import("./wire.js").MicFrame) => void} onframe also while muted
 * @property {(source: AudioNode) => void} onopened what it hears, for others to listen to; ends by itself
 * @property {(text: string) => void} ontrouble what is wrong and what to do about it
 */

export class Microphone {
  /** @type {MicrophoneState} */
  state = "off";
  /** @type {Capture | null} */
  #capture = null;
  #over = new AbortController();

  /**
   * @param {AudioContext} context
   * @param {string} worklet its address
   * @param {MicrophoneListener} listener
   */
  constructor(context, worklet, listener) {
    this.context = context;
    this.worklet = worklet;
    this.listener = listener;
  }

  /** Seconds from the air to the context's clock, where the browser tells. */
  get latency_s() {
    return this.#capture?.latency_s ?? 0;
  }

  async open() {
    this.#become("asking");
    try {
      const loaded = this.context.audioWorklet.addModule(this.worklet);
      const [stream] = await Promise.all([askForMicrophone(), loaded]);
      this.#capture = Capture.open(this.context, stream, {
        onframe: this.listener.onframe,
        onlost: () => this.#lost(),
      });
    } catch (error) {
      if (this.#over.signal.aborted) return;
      this.#become("refused");
      return this.listener.ontrouble(microphoneTrouble(error));
    }
    if (this.#over.signal.aborted) return this.#capture.close();
    this.listener.onopened(this.#capture.source);
    this.#become("on");
  }

  /** Mute, unmute, or open it where it is not open. */
  toggle() {
    if (this.state === "on" || this.state === "muted") this.#mute(this.state === "on");
    else if (this.state !== "asking") void this.open();
  }

  close() {
    this.#over.abort();
    this.#capture?.close();
    this.#capture = null;
  }

  /** @param {boolean} muted */
  #mute(muted) {
    this.#capture?.mute(muted);
    this.#become(muted ? "muted" : "on");
  }

  #lost() {
    this.#capture?.close();
    this.#capture = null;
    this.#become("off");
    this.listener.ontrouble("The microphone went away. It is used again as soon as it is back.");
    const again = { once: true, signal: this.#over.signal };
    navigator.mediaDevices.addEventListener("devicechange", () => this.open(), again);
  }

  /** @param {MicrophoneState} state */
  #become(state) {
    this.state = state;
    this.listener.onchange(state);
  }
}
