/* Rows of running sessions, as two pages show them. */

import { element, keep, write } from "./element.js";
import { lasting } from "./format.js";

/** @typedef {import("./state.js").SessionRow} SessionRow */

/** What a session is doing, by the phase of its turn machine, and the colour of that. */
export const PHASES = /** @type {Record<string, {text: string, colour: string}>} */ ({
  listening: { text: "nobody speaks", colour: "listening" },
  hearing: { text: "the user speaks", colour: "listening" },
  endpointing: { text: "the user paused", colour: "listening" },
  thinking: { text: "thinking", colour: "thinking" },
  speaking: { text: "the assistant speaks", colour: "speaking" },
});

/**
 * @param {HTMLElement} body of the table @param {SessionRow[]} rows @param {number} at Unix seconds
 * @param {(row: SessionRow) => string} link where one of them is shown
 */
export function drawSessions(body, rows, at, link) {
  keep(body, rows, (row) => row.conversation, make, (child, row) => update(child, row, at, link));
}

const COLUMNS = ["Agent", "State", "Since", "Turn", "Context", "Browser"];

function make() {
  const cells = COLUMNS.map((label) => element("td", { "data-label": label }));
  cells[1].append(element("span", { class: "phase" }));
  return element("tr", {}, element("th", { scope: "row" }, element("a")), ...cells);
}

/** @param {HTMLElement} child @param {SessionRow} row @param {number} at @param {(row: SessionRow) => string} link */
function update(child, row, at, link) {
  const [user, agent, state, since, turn, context, browser] = child.children;
  const anchor = /** @type {HTMLAnchorElement} */ (user.firstElementChild);
  anchor.href = link(row);
  write(anchor, row.user);
  write(agent, row.agent);
  drawPhase(/** @type {HTMLElement} */ (state.firstElementChild), row.phase);
  write(since, lasting(at - row.since));
  write(turn, String(row.turn));
  write(context, version(row));
  write(browser, row.connected ? "connected" : "away");
}

/** @param {HTMLElement} shown @param {string} phase */
export function drawPhase(shown, phase) {
  const { text, colour } = PHASES[phase] ?? { text: phase, colour: "idle" };
  shown.dataset.colour = colour;
  write(shown, text);
}

/** Which version of the agent it goes by, and of its own context. @param {SessionRow} row */
export function version(row) {
  const own = row.own_version ? `, its own ${row.own_version}` : "";
  const after = row.applied_ms === null ? "" : ` (after ${row.applied_ms} ms)`;
  return `${row.version}${own}${after}`;
}

/** Fills in an address that the template gave. @param {{session: string, nil: string}} given */
export function linker(given) {
  return (/** @type {SessionRow} */ row) => given.session.replace(given.nil, row.conversation);
}
