/* From the speaker's worklet to the ear: straight, or by way of a loop that an echo canceller can see.
   Behind a loop the worklet is heard too late to be soft or silent in time; there this is. */

import { LOOP_S, Loop } from "./loop.js";
import { DUCKED_GAIN } from "./worklets/ducking.js";

/** @typedef {"direct" | "loop"} Path */

const STEP_MS = 10;
const STEP = 0.15;
/** Up again in 60 ms. */
const SPARE_S = 0.04;

export class Output {
  /** @type {Path} */
  path = "direct";
  #element = new Audio();
  /** @type {Loop | null} */
  #loop = null;
  #ducked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #cut;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #rising;

  /** @param {AudioNode} node @param {(path: Path) => void} onchange where the sound goes now */
  constructor(node, onchange) {
    this.node = node;
    this.context = node.context;
    this.onchange = onchange;
    node.connect(this.context.destination);
  }

  /** What the way adds, in seconds. */
  get latency_s() {
    return this.path === "loop" ? LOOP_S : 0;
  }

  /** Go by the loop if it connects; the sound takes the straight way until then, or for good. */
  async throughLoop() {
    const context = /** @type {AudioContext} */ (this.context);
    const entrance = context.createMediaStreamDestination();
    this.node.connect(entrance);
    try {
      this.#loop = new Loop(() => this.direct());
      await this.#loop.connect(entrance.stream);
      this.#element.srcObject = this.#loop.output;
      await this.#element.play();
    } catch (error) {
      console.info("The sound goes straight to the speaker:", error);
      return this.direct();
    }
    this.node.disconnect(this.context.destination);
    this.#become("loop");
  }

  /** Back to the straight way. */
  direct() {
    this.#loop?.close();
    this.#loop = null;
    this.#element.srcObject = null;
    this.node.disconnect();
    this.node.connect(this.context.destination);
    this.#become("direct");
  }

  /** @param {boolean} ducked */
  duck(ducked) {
    this.#ducked = ducked;
    clearInterval(this.#rising);
    if (this.#cut) return;
    if (ducked) this.#element.volume = DUCKED_GAIN;
    // The timers of a hidden page are slow: a second for a step.
    else if (document.hidden) this.#element.volume = 1;
    else this.#rising = setInterval(() => this.#rise(), STEP_MS);
  }

  /** Silence what is in the loop already. */
  cut() {
    if (this.path === "direct") return;
    clearTimeout(this.#cut);
    clearInterval(this.#rising);
    this.#element.volume = 0;
    this.#cut = setTimeout(() => this.#uncut(), 1000 * (LOOP_S + SPARE_S));
  }

  close() {
    clearTimeout(this.#cut);
    clearInterval(this.#rising);
    this.#element.srcObject = null;
    this.#loop?.close();
  }

  #uncut() {
    this.#cut = undefined;
    this.#element.volume = this.#ducked ? DUCKED_GAIN : 1;
  }

  #rise() {
    this.#element.volume = Math.min(1, this.#element.volume + STEP);
    if (this.#element.volume === 1) clearInterval(this.#rising);
  }

  /** @param {Path} path */
  #become(path) {
    if (path === this.path) return;
    this.path = path;
    this.onchange(path);
  }
}
