/* The page of figures: every state that comes is drawn over the one before. */

import { Charts } from "./charts.js";
import { byId, config, element, keep, write } from "./element.js";
import { UNKNOWN, count, money, ms, perMinute, share, sum, timeOfDay } from "./format.js";
import { headline } from "./parts.js";
import { Providers } from "./providers.js";
import { Live, shownIn } from "./socket.js";
import { drawBars, drawParts, drawWhole } from "./waits.js";

/** @typedef {import("./state.js").Figures} Figures */
/** @typedef {import("./state.js").FiguresState} FiguresState */
/** @typedef {import("./state.js").Cost} Cost */
/** @typedef {import("./state.js").Point} Point */

const given = config();
const providers = new Providers(byId("providers"), byId("switched"), {
  address: given.providers,
  mayWrite: given.may_switch,
});
const charts = new Charts(canvas("wait-chart"), canvas("load-chart"));

/** The text of each `data-figure` of the template. @type {Record<string, (figures: Figures) => string>} */
const TEXTS = {
  p50: ({ wait }) => ms(headline(wait)?.p50_ms),
  p95: ({ wait }) => ms(headline(wait)?.p95_ms),
  measured: ({ wait }) => measured(wait),
  "turns-a-minute": ({ turns, seconds }) => perMinute(sum(turns), seconds),
  turns: ({ turns }) => `${count(turns.spoken ?? 0)} spoken, ${count(turns.typed ?? 0)} typed`,
  errors: ({ errors }) => count(sum(errors)),
  "normal-share": ({ sessions }) => share(sessions.normal_share),
  closed: ({ sessions }) => `${count(sessions.abnormal)} of ${count(sessions.closed)} broke off`,
  lag: ({ lag_p95_ms }) => ms(lag_p95_ms),
  hits: ({ cache }) => count(cache.hits),
  saved: ({ cache }) => ms(cache.saved_ms),
  "saved-each": ({ cache }) => ms(cache.saved_each_ms),
  begun: ({ speculations }) => count(speculations.begun ?? 0),
  adopted: ({ speculations }) => count(speculations.adopted ?? 0),
  true: ({ interruptions }) => count(interruptions.true ?? 0),
  false: ({ interruptions }) => count(interruptions.false ?? 0),
  recovered: ({ interruptions }) => count(interruptions.recovered ?? 0),
  quality: ({ audio }) => count(audio.quality_p50),
  "quality-low": ({ audio }) => count(audio.quality_p05),
  snr: ({ audio }) => (audio.snr_p50_db === null ? UNKNOWN : `${count(audio.snr_p50_db)} dB`),
};

const live = new Live({ topic: "figures", span: given.span }, { onmessage: draw, onstatus: shownIn(byId("status")) });
for (const radio of document.querySelectorAll("input[name=span]")) {
  radio.addEventListener("change", () => show(/** @type {HTMLInputElement} */ (radio).value));
}
live.open();

/** @param {string} span */
function show(span) {
  history.replaceState(null, "", `?span=${span}`);
  byId("figures").setAttribute("aria-busy", "true");
  live.change({ topic: "figures", span });
}

/** @param {FiguresState} state */
function draw(state) {
  byId("figures").setAttribute("aria-busy", "false");
  write(figure("active"), count(state.active));
  write(figure("connected"), `${count(state.connected)} connected`);
  write(byId("problems"), state.problems.join(" "));
  byId("problems").hidden = !state.problems.length;
  byId("no-providers").hidden = state.providers.length > 0;
  providers.show(state.providers, state.at);
  if (state.figures) drawFigures(state.figures);
}

/** @param {Figures} figures */
function drawFigures(figures) {
  for (const [name, text] of Object.entries(TEXTS)) write(figure(name), text(figures));
  const hasWaits = figures.wait.bars.p50 !== null;
  byId("waits").hidden = !hasWaits;
  byId("no-waits").hidden = hasWaits;
  if (hasWaits) drawWaits(figures);
  charts.show(figures.history, figures.wait.targets.turn);
  keep(byId("history"), figures.history, (point) => String(point.at), makeRow(5), drawPoint);
  drawCounts("errors", figures.errors, (value) => count(value));
  drawCounts("replies", figures.replies, (value) => count(value));
  drawCosts("cost-providers", figures.cost.providers);
  drawCosts("cost-users", figures.cost.users);
  const wasFree = figures.cost.providers.length + figures.cost.users.length === 0;
  byId("no-cost").hidden = !wasFree;
  byId("costs").hidden = wasFree;
}

/** @param {Figures} figures */
function drawWaits({ wait }) {
  drawBars(byId("bars"), wait);
  drawParts(byId("parts"), wait);
  drawWhole(byId("whole"), wait);
}

/** @param {import("./state.js").Wait} wait */
function measured(wait) {
  const found = headline(wait);
  if (!found) return "nobody was answered";
  const turns = `${count(found.turns)} ${found.turns === 1 ? "turn" : "turns"}`;
  return found.isHeard ? `${turns}, as they were heard` : `${turns}, until the sound left the server`;
}

/** @param {number} cells */
function makeRow(cells) {
  return () => element("tr", {}, ...Array.from({ length: cells }, () => element("td")));
}

/** @param {HTMLElement} row @param {Point} point */
function drawPoint(row, point) {
  const texts = [timeOfDay(point.at), count(point.turns), count(point.errors), ms(point.p50_ms), ms(point.p95_ms)];
  texts.forEach((text, index) => write(row.children[index], text));
}

/** @param {string} id @param {Record<string, number>} counts @param {(value: number) => string} unit */
function drawCounts(id, counts, unit) {
  const items = Object.entries(counts).sort(([, one], [, other]) => other - one);
  drawList(id, items.map(([label, value]) => [label, unit(value)]));
}

/** @param {string} id @param {Cost[]} costs */
function drawCosts(id, costs) {
  drawList(id, costs.map(({ label, name, amount }) => [name ?? label, money(amount)]));
}

/** Names and values; "none" stands in the template beside it. @param {string} id @param {string[][]} items */
function drawList(id, items) {
  const make = () => element("div", {}, element("dt"), element("dd"));
  keep(byId(id), items, ([label]) => label, make, (child, texts) => {
    texts.forEach((text, index) => write(child.children[index], text));
  });
}

/** @param {string} name */
function figure(name) {
  const found = document.querySelector(`[data-figure="${name}"]`);
  if (!found) throw new Error(`The template has no figure ${name}.`);
  return found;
}

/** @param {string} id */
function canvas(id) {
  return /** @type {HTMLCanvasElement} */ (byId(id));
}
