/* The table of the providers, with the button that has one asked no more, or again. */

import { element, keep, write } from "./element.js";
import { count, lasting, ms } from "./format.js";
import { press } from "./post.js";

/** @typedef {import("./state.js").Provider} Provider */

const STAGES = { stt: "hear", llm: "think", tts: "speak", search: "search" };
const STATES = { closed: "well", open: "not asked", half_open: "being tried" };
const COLUMNS = ["stage", "state", "answers", "failures", "hedges", "failovers", "pace"];

export class Providers {
  /**
   * @param {HTMLElement} body of the table @param {HTMLElement} said where the answer to a button is shown
   * @param {{address: string, mayWrite: boolean}} switching
   */
  constructor(body, said, switching) {
    this.body = body;
    this.said = said;
    this.switching = switching;
  }

  /** @param {Provider[]} providers @param {number} at Unix seconds, by the server's clock */
  show(providers, at) {
    const keyOf = (/** @type {Provider} */ one) => `${one.stage}/${nameOf(one)}`;
    keep(this.body, providers, keyOf, () => this.#made(), (row, one) => this.#update(row, one, at));
  }

  #made() {
    const cells = COLUMNS.map((name) => element("td", { "data-label": name }));
    const row = element("tr", {}, element("th", { scope: "row" }), ...cells);
    if (this.switching.mayWrite) row.append(element("td", { class: "table__action" }, this.#button()));
    return row;
  }

  #button() {
    const button = element("button", { type: "button", class: "button button--quiet button--small" });
    button.addEventListener("click", () => this.#switch(button));
    return button;
  }

  /** @param {HTMLElement} row @param {Provider} one @param {number} at */
  #update(row, one, at) {
    const cells = [...row.children];
    write(cells[0], nameOf(one));
    write(cells[1], STAGES[/** @type {keyof STAGES} */ (one.stage)] ?? one.stage);
    drawState(cells[2], one, at);
    const numbers = [one.answers, one.failures, one.hedges, one.failovers].map(count);
    [...numbers, ms(one.first_p95_ms)].forEach((text, index) => write(cells[index + 3], text));
    const button = row.querySelector("button");
    if (button) this.#label(button, one);
  }

  /** @param {HTMLButtonElement} button @param {Provider} one */
  #label(button, one) {
    const isOpen = one.state !== "closed";
    button.dataset.provider = `${one.stage}/${one.name}`;
    button.dataset.model = one.model;
    button.dataset.state = isOpen ? "closed" : "open";
    write(button, isOpen ? "Ask again" : "Stop asking");
    button.setAttribute("aria-label", `${button.textContent} ${nameOf(one)} (${one.stage})`);
  }

  /** @param {HTMLButtonElement} button */
  async #switch(button) {
    const { provider = "", model = "", state = "" } = button.dataset;
    const address = this.switching.address.replace("stage/name", provider);
    const answer = await press(button, address, { state, model });
    if (!answer) return;
    write(this.said, answer.text);
    this.said.classList.toggle("note--error", !answer.ok);
  }
}

/** With the model, where only agents ask for it. @param {Provider} one */
function nameOf(one) {
  return one.model ? `${one.name}: ${one.model}` : one.name;
}

/** @param {Element} cell @param {Provider} one @param {number} at */
function drawState(cell, one, at) {
  const kind = { closed: "success", open: "danger", half_open: "warning" }[one.state];
  const why = one.state === "closed" ? "" : ` (${one.reason}, ${lasting(at - (one.since ?? at))})`;
  let badge = cell.firstElementChild;
  if (!badge) cell.append((badge = element("span")));
  badge.className = `badge badge--${kind}`;
  write(badge, STATES[one.state] + why);
}
