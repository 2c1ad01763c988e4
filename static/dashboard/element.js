/* Making and changing pieces of a page. Text is always text: nothing here reads HTML. */

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The element of this id, which the template has. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The template has no #${id}.`);
  return found;
}

/** What the template gave this page. @returns {any} */
export function config() {
  return JSON.parse(byId("config").textContent ?? "null");
}

/** Change its text only where it differs, so that a reader's place is kept. @param {Element} shown @param {string} text */
export function write(shown, text) {
  if (shown.textContent !== text) shown.textContent = text;
}

/**
 * Make `parent` have one child for each item, in this order. A child stays for as long as its key
 * does: what has the focus keeps it.
 * @template T
 * @param {Element} parent @param {readonly T[]} items @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} make @param {(child: HTMLElement, item: T) => void} update
 */
export function keep(parent, items, keyOf, make, update) {
  const children = /** @type {HTMLElement[]} */ ([...parent.children]);
  const before = new Map(children.map((child) => [child.dataset.key, child]));
  /** @type {HTMLElement | null} */
  let last = null;
  for (const item of items) {
    const key = keyOf(item);
    const child = before.get(key) ?? make(item);
    before.delete(key);
    child.dataset.key = key;
    update(child, item);
    /** @type {Element | null} */
    const place = last ? last.nextElementSibling : parent.firstElementChild;
    if (place !== child) parent.insertBefore(child, place);
    last = child;
  }
  for (const gone of before.values()) gone.remove();
}
