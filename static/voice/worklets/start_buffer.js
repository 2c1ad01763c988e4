/* How much audio waits before a reply begins to play. Pure.
   Grows when the network stutters, shrinks with each reply that came through smoothly. */

const LEAST_S = 0.04;
const MOST_S = 0.2;
const STEP_S = 0.04;
const RECOVERY_S = 0.01;
const JITTER_S = 0.3;
/** A longer gap is a slow voice, not a slow network; waiting longer at the start would not help. */

export class StartBuffer {
  target_s = LEAST_S;
  #waited_s = 0;

  /**
   * Whether to begin now. A reply shorter than the buffer would wait for ever, so the wait itself is
   * no longer than what is waited for.
   * @param {number} buffered_s @param {number} block_s time since the last call
   */
  isFull(buffered_s, block_s) {
    this.#waited_s += block_s;
    if (Math.max(buffered_s, this.#waited_s) < this.target_s) return false;
    this.restart();
    return true;
  }

  restart() {
    this.#waited_s = 0;
  }

  /** @param {number} gap_s how long there was nothing to play in the middle of a reply */
  ranDry(gap_s) {
    if (gap_s < JITTER_S) this.target_s = Math.min(MOST_S, this.target_s + STEP_S);
  }

  wentWell() {
    this.target_s = Math.max(LEAST_S, this.target_s - RECOVERY_S);
  }
}
