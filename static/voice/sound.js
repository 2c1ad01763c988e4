/* The AudioContext of a call: made in a click, kept running. Phone calls, other apps and sleeping
   devices may take the sound away; only a gesture of the user brings it back everywhere. */

const STUTTERED = "voice stuttered";
const GAPS_MOST = 0.001;
/** Of the time: more gaps than that in a call, and the next one gets buffers as long as the browser likes. */

export class Sound {
  /** As short as the machine can: what the browser takes for interactive may be 30 ms from the ear. */
  context = new AudioContext({ latencyHint: localStorage.getItem(STUTTERED) ? "interactive" : 0 });
  #over = new AbortController();

  /** @param {{onpaused: () => void, onrunning: () => void}} listener */
  constructor(listener) {
    this.listener = listener;
    const { signal } = this.#over;
    this.context.addEventListener("statechange", () => this.#changed(), { signal });
  }

  /** Seconds on the clock that all times of a call are given in. */
  get now_s() {
    return this.context.currentTime;
  }

  /** Before that its clock stands still, and nothing can be measured by it. */
  get isRunning() {
    return this.context.state === "running";
  }

  async resume() {
    if (!this.isRunning) await this.context.resume();
  }

  async close() {
    this.#over.abort();
    if (this.#gaps > GAPS_MOST) localStorage.setItem(STUTTERED, "yes");
    await this.context.close();
  }

  /** What part of the time the speaker had nothing, where the browser tells. */
  get #gaps() {
    const told = /** @type {{playbackStats?: {underrunDuration: number, totalDuration: number}}} */ (
      /** @type {unknown} */ (this.context)
    );
    const { underrunDuration = 0, totalDuration = 0 } = told.playbackStats ?? {};
    return totalDuration > 0 ? underrunDuration / totalDuration : 0;
  }

  #changed() {
    if (this.isRunning) return this.listener.onrunning();
    const again = { once: true, signal: this.#over.signal };
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => this.resume(), again);
    this.listener.onpaused();
  }
}
