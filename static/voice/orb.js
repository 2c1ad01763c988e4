/* The orb, and the bar below it: move with whoever is heard. Sets one custom property per animation
   frame; all else is CSS, which also leaves it still for people who asked for less motion. */

const QUIET_DB = -55;
const LOUD_DB = -15;
const FALL = 0.92;
/** Per animation frame: it falls slower than it rises, as a needle does. */
const STILL = 0.005;

/** 0 for silence to 1 for loud. @param {number} level_db */
export function loudness(level_db) {
  return Math.min(1, Math.max(0, (level_db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
}

export class Orb {
  #shown = 0;
  #drawing = false;

  /** @param {HTMLElement} element that has the orb and the bar in it */
  constructor(element) {
    this.element = element;
  }

  /** @param {number} level_db */
  hear(level_db) {
    this.#shown = Math.max(this.#shown, loudness(level_db));
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.element.style.setProperty("--level", this.#shown.toFixed(3));
    this.#shown = this.#shown > STILL ? this.#shown * FALL : 0;
    this.#drawing = this.#shown > 0;
    if (this.#drawing) requestAnimationFrame(() => this.#draw());
  }
}
