/* The echo test of a call: while the first reply plays, or a chime where no reply begins, and once more
   after the sound has been sent another way. A thin shell around echo_test.js. */

import { EchoTest } from "./echo_test.js";

/** @typedef {import("./echo_test.js").Verdict} Verdict */
/** @typedef {import("./output.js").Path} Path */
/** @typedef {Verdict & {path: Path}} EchoReport what was measured, and which way the sound went */

const GREETING_MS = 700;
/** A greeting begins sooner than that; nobody waits for a chime either. */

export class SelfTest {
  /** @type {EchoTest | null} */
  #test = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #begun = false;

  /**
   * @param {import("./playback.js").Playback} playback
   * @param {(report: EchoReport) => void} onverdict
   */
  constructor(playback, onverdict) {
    this.playback = playback;
    this.onverdict = onverdict;
  }

  /** Both sides can be heard for the first time. Later calls do nothing. */
  begin() {
    if (this.#begun) return;
    this.#begun = true;
    this.#timer = setTimeout(() => this.playback.chime(), GREETING_MS);
    this.#listen();
  }

  /** There is something to compare without a chime. */
  replyStarted() {
    clearTimeout(this.#timer);
  }

  /** @param {import("./worklets/speaker.js").Hop[]} hops @param {boolean} isOn whether the microphone was */
  compared(hops, isOn) {
    if (!isOn) return this.#test?.interrupted();
    const verdict = this.#test?.add(hops);
    if (verdict) this.#decide({ ...verdict, path: this.playback.path });
  }

  close() {
    clearTimeout(this.#timer);
    this.#stop();
  }

  /** @param {EchoReport} report */
  #decide(report) {
    this.#stop();
    this.onverdict(report);
    if (report.heard && report.path === "direct") void this.#changePath();
  }

  async #changePath() {
    if (await this.playback.throughLoop()) this.#listen();
  }

  #listen() {
    this.#test = new EchoTest();
    this.playback.compare(true);
  }

  #stop() {
    this.#test = null;
    this.playback.compare(false);
  }
}
