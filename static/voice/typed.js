/* Turns that were typed, kept until the server says that it has them: a socket may swallow what it is
   given for seconds before it is known to be dead. No socket here. */

/** @typedef {import("./wire.js").TypedTurn} TypedTurn */

const WAITING_MOST = 8;
/** More than these are refused. */

export class Typed {
  /** @type {TypedTurn[]} */
  #waiting = [];
  #count = 0;
  /** Of this page, beside other tabs and pages before it in the same conversation. */
  #page = Math.random().toString(36).slice(2);

  /** What is to be sent now, and again over each new connection until it is taken. */
  get waiting() {
    return [...this.#waiting];
  }

  /** The turn as it is to be sent; null while too many wait. @param {string} text */
  add(text) {
    if (this.#waiting.length >= WAITING_MOST) return null;
    const typed = { type: /** @type {const} */ ("text"), text, id: `${this.#page}-${++this.#count}` };
    this.#waiting.push(typed);
    return typed;
  }

  /** @param {string} id */
  taken(id) {
    this.#waiting = this.#waiting.filter((typed) => typed.id !== id);
  }
}
