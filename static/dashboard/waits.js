/* The bars of the wait for an answer, and the table below them. */

import { element, keep, write } from "./element.js";
import { ms } from "./format.js";
import { PARTS, isOver, line_ms, widths } from "./parts.js";

/** @typedef {import("./state.js").Wait} Wait */
/** @typedef {import("./state.js").Bar} Bar */

/** @type {readonly {of: "p50" | "p95" | "mean", name: string}[]} */
const BARS = [
  { of: "p50", name: "Turns like the median" },
  { of: "p95", name: "Turns like the 95th percentile" },
  { of: "mean", name: "All turns on average" },
];

/** @param {HTMLElement} parent @param {Wait} wait */
export function drawBars(parent, wait) {
  const line = line_ms(wait);
  const shown = BARS.filter((one) => wait.bars[one.of]);
  keep(parent, shown, (one) => one.of, makeBar, (child, { of }) => {
    const bar = /** @type {Bar} */ (wait.bars[of]);
    const [total, track] = [child.children[1], child.children[2]];
    write(total, ms(bar.total_ms));
    drawTrack(/** @type {HTMLElement} */ (track), bar, line, wait.targets.turn);
  });
}

/** @param {{name: string}} one */
function makeBar({ name }) {
  const track = element("div", { class: "waits__track", "aria-hidden": "true" });
  return element("div", { class: "waits__bar" }, element("span", {}, name), element("strong"), track);
}

/** @param {HTMLElement} track @param {Bar} bar @param {number} line @param {number} target_ms */
function drawTrack(track, bar, line, target_ms) {
  /** @type {{part: string, name: string, percent: number, className: string}[]} */
  const pieces = widths(bar, line).map((one) => ({ ...one, className: `waits__part part--${one.part}` }));
  keep(track, pieces, (one) => one.part, () => element("span"), (child, { className, name, part, percent }) => {
    child.className = className;
    child.style.width = `${percent}%`;
    child.title = `${name}: ${ms(bar.parts[part] ?? 0)}`;
  });
  const mark = element("i", { class: "waits__target", "data-key": "target", title: `target: ${ms(target_ms)}` });
  mark.style.left = `${(100 * target_ms) / line}%`;
  track.append(mark);
}

/** @param {HTMLElement} body of the table @param {Wait} wait */
export function drawParts(body, wait) {
  const { p50, p95, mean } = wait.bars;
  keep(body, PARTS, (one) => one.part, makePart, (row, { part, target }) => {
    const cells = [p50, p95, mean].map((bar) => bar?.parts[part] ?? null);
    drawRow(row, cells, wait.part_p95_ms[part] ?? null, target ? wait.targets[target] : null);
  });
}

/** The whole, below its parts. @param {HTMLElement} row @param {Wait} wait */
export function drawWhole(row, wait) {
  const { p50, p95, mean } = wait.bars;
  const cells = [p50, p95, mean].map((bar) => bar?.total_ms ?? null);
  drawRow(row, cells, p95?.total_ms ?? null, wait.targets.turn);
}

/** @param {{part: string, name: string}} one */
function makePart({ part, name }) {
  const swatch = element("i", { class: `waits__swatch part--${part}`, "aria-hidden": "true" });
  const cells = Array.from({ length: 5 }, () => element("td"));
  return element("tr", {}, element("th", { scope: "row" }, swatch, name), ...cells);
}

/** @param {HTMLElement} row @param {(number | null)[]} bars @param {number | null} p95_ms @param {number | null} target_ms */
function drawRow(row, bars, p95_ms, target_ms) {
  const cells = [...row.children].slice(1);
  bars.forEach((value, index) => write(cells[index], ms(value)));
  const misses = isOver(p95_ms, target_ms);
  write(cells[3], misses ? `${ms(p95_ms)}, over` : ms(p95_ms));
  cells[3].classList.toggle("over", misses);
  write(cells[4], target_ms === null ? "" : ms(target_ms));
}
