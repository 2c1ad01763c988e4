/* Short messages over the page that say what happened and what to do. One per code: a newer one with
   the same code takes the place of the older. Errors stay until they are closed. */

/**
 * @typedef {{level: "info" | "warning" | "error", code: string, text: string,
 *   link?: {text: string, href: string}}} Toast
 */

const SHOWN_MS = { info: 6_000, warning: 15_000, error: 0 };
const MOST = 4;

export class Toasts {
  /** @type {Map<string, HTMLElement>} */
  #open = new Map();

  /** @param {HTMLElement} polite @param {HTMLElement} urgent live regions that are there from the start */
  constructor(polite, urgent) {
    this.polite = polite;
    this.urgent = urgent;
  }

  /** @param {Toast} toast */
  show(toast) {
    this.close(toast.code);
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST) this.close(oldest);
    const box = this.#draw(toast);
    this.#open.set(toast.code, box);
    (toast.level === "info" ? this.polite : this.urgent).append(box);
    const shown_ms = SHOWN_MS[toast.level];
    if (shown_ms) setTimeout(() => this.#expire(toast.code, box), shown_ms);
  }

  /** @param {string} code */
  shows(code) {
    return this.#open.has(code);
  }

  /** @param {string} code */
  close(code) {
    this.#open.get(code)?.remove();
    this.#open.delete(code);
  }

  /** @param {string} code @param {HTMLElement} box */
  #expire(code, box) {
    if (this.#open.get(code) === box) this.close(code);
  }

  /** @param {Toast} toast */
  #draw({ level, code, text, link }) {
    const box = document.createElement("div");
    box.className = `toast toast--${level}`;
    box.dataset.code = code;
    const words = document.createElement("p");
    words.append(text);
    if (link) words.append(" ", anchor(link));
    box.append(words, this.#closer(code));
    return box;
  }

  /** @param {string} code */
  #closer(code) {
    const button = document.createElement("button");
    button.className = "toast__close";
    button.type = "button";
    button.setAttribute("aria-label", "Close this message");
    button.textContent = "×";
    button.addEventListener("click", () => this.close(code));
    return button;
  }
}

/** @param {{text: string, href: string}} link */
function anchor({ text, href }) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}
