/* Shows captions as a conversation. Rows are kept and rewritten in place, so that text which grows
   does not flicker; a separate line speaks finished captions to screen readers. */

import { links } from "./sources.js";

/** @typedef {import("./captions.js").Caption} Caption */

const NAMES = { user: "You", assistant: "Assistant" };
const NEAR_END_PX = 80;

export class Transcript {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {readonly Caption[]} */
  #shown = [];
  /** @type {Set<string>} */
  #repeated = new Set();
  #atEnd = true;

  /** @param {HTMLElement} list @param {HTMLElement} scroller @param {HTMLElement} announcer */
  constructor(list, scroller, announcer) {
    this.list = list;
    this.scroller = scroller;
    this.announcer = announcer;
    scroller.addEventListener("scroll", () => {
      this.#atEnd = this.#isAtEnd();
    });
    // A keyboard that opens on a phone must not cover what was said last.
    new ResizeObserver(() => this.#follow()).observe(scroller);
  }

  /** What is shown under this key is an answer that was given before. @param {string} key */
  repeats(key) {
    this.#repeated.add(key);
  }

  /** @param {readonly Caption[]} captions */
  show(captions) {
    this.#atEnd = this.#isAtEnd();
    const changed = captions.filter((caption) => !this.#shown.includes(caption));
    this.#removeAllBut(new Set(captions.map((caption) => caption.key)));
    for (const caption of changed) this.#draw(caption);
    this.#shown = captions;
    this.#follow();
  }

  /** Whoever has scrolled up to read is left there. */
  #follow() {
    if (this.#atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** @param {Caption} caption */
  #draw(caption) {
    const row = this.#rows.get(caption.key) ?? this.#add(caption);
    row.classList.toggle("utterance--provisional", caption.role === "user" && !caption.is_final);
    row.classList.toggle("utterance--cut", caption.cut);
    const [meta, text, sources] = /** @type {HTMLElement[]} */ ([...row.children]);
    const whence = this.#repeated.has(caption.key) ? " · from an earlier answer" : "";
    meta.textContent = NAMES[caption.role] + whence + (caption.cut ? " · interrupted" : "");
    if (!caption.is_final && caption.role === "assistant") grow(text, caption.text);
    else text.textContent = caption.text;
    sources.replaceChildren(...links(caption.sources));
    const newest = caption.parts.at(-1)?.text ?? caption.text;
    if (caption.is_final) this.announcer.textContent = `${NAMES[caption.role]}: ${newest}`;
  }

  /** @param {Caption} caption */
  #add(caption) {
    const row = document.createElement("li");
    row.className = `utterance utterance--${caption.role}`;
    const sources = element("ul", "sources");
    sources.ariaLabel = "Sources";
    const text = element("p", "utterance__text");
    text.dir = "auto";
    row.append(element("p", "utterance__meta"), text, sources);
    this.list.append(row);
    this.#rows.set(caption.key, row);
    return row;
  }

  /** @param {Set<string>} keys */
  #removeAllBut(keys) {
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.remove();
      this.#rows.delete(key);
      this.#repeated.delete(key);
    }
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}

/**
 * What a text has become; of one that has only grown, what stands there stays, and the new words appear
 * after it.
 * @param {HTMLElement} element @param {string} text
 */
function grow(element, text) {
  const shown = element.textContent ?? "";
  if (text === shown) return;
  if (!text.startsWith(shown)) element.textContent = "";
  const words = document.createElement("span");
  words.className = "utterance__new";
  words.textContent = text.slice(element.textContent?.length);
  element.append(words);
}

/** @param {string} tag @param {string} className */
function element(tag, className) {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
