/* Shows captions as a conversation. Rows are kept and rewritten in place, so that text which grows
   does not flicker; a separate line speaks finished captions to screen readers. */

/** @typedef {import("./captions.js").Caption} Caption */

const NAMES = { user: "You", assistant: "Assistant" };
const NEAR_END_PX = 80;

export class Transcript {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {readonly Caption[]} */
  #shown = [];

  /** @param {HTMLElement} list @param {HTMLElement} scroller @param {HTMLElement} announcer */
  constructor(list, scroller, announcer) {
    this.list = list;
    this.scroller = scroller;
    this.announcer = announcer;
  }

  /** @param {readonly Caption[]} captions */
  show(captions) {
    const atEnd = this.#isAtEnd();
    const changed = captions.filter((caption) => !this.#shown.includes(caption));
    this.#removeAllBut(new Set(captions.map((caption) => caption.key)));
    for (const caption of changed) this.#draw(caption);
    this.#shown = captions;
    if (atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** @param {Caption} caption */
  #draw(caption) {
    const row = this.#rows.get(caption.key) ?? this.#add(caption);
    row.classList.toggle("utterance--provisional", caption.role === "user" && !caption.is_final);
    row.classList.toggle("utterance--cut", caption.cut);
    const [meta, text] = /** @type {HTMLElement[]} */ ([...row.children]);
    meta.textContent = NAMES[caption.role] + (caption.cut ? " · interrupted" : "");
    if (!caption.is_final && caption.role === "assistant") grow(text, caption.text);
    else text.textContent = caption.text;
    if (caption.is_final) this.announcer.textContent = `${NAMES[caption.role]}: ${caption.text}`;
  }

  /** @param {Caption} caption */
  #add(caption) {
    const row = document.createElement("li");
    row.className = `utterance utterance--${caption.role}`;
    row.append(element("p", "utterance__meta"), element("p", "utterance__text"));
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
