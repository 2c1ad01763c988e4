/* The AudioContext of a call: made in a click, kept running. Phone calls, other apps and sleeping
   devices may take the sound away; only a gesture of the user brings it back everywhere. */

export class Sound {
  context = new AudioContext({ latencyHint: "interactive" });
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
    await this.context.close();
  }

  #changed() {
    if (this.isRunning) return this.listener.onrunning();
    const again = { once: true, signal: this.#over.signal };
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => this.resume(), again);
    this.listener.onpaused();
  }
}
