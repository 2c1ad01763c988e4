/* Keeps the screen on during a call, where the browser can: a phone that locks takes the microphone
   away. A page that was hidden loses the lock and takes it again when it is back. */

export class Awake {
  /** @type {WakeLockSentinel | null} */
  #lock = null;
  #held = false;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.#request());
  }

  hold() {
    this.#held = true;
    void this.#request();
  }

  release() {
    this.#held = false;
    void this.#lock?.release();
    this.#lock = null;
  }

  async #request() {
    if (!this.#held || document.hidden || !("wakeLock" in navigator)) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
      if (!this.#held) await this.#lock.release();
    } catch (error) {
      // Refused on a low battery, say. The call goes on without.
      console.info("The screen may go dark during this call:", error);
    }
  }
}
