/* Two charts of the window: how long people waited, and how much there was to do. Drawn by the
   Chart.js that django-unfold brings; the same numbers stand in a table for who sees no canvas. */

import { ms, timeOfDay } from "./format.js";

/** @typedef {import("./state.js").Point} Point */

/** A colour of css/tokens.css, as it is just now. @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * @typedef {{label: string, colour: string, of: (point: Point, target_ms: number) => number | null,
 *   type?: "bar" | "line", dashed?: boolean}} Line
 */

/** @type {Line[]} */
const WAITS = [
  { label: "p50", colour: "accent", of: (point) => point.p50_ms },
  { label: "p95", colour: "speaking", of: (point) => point.p95_ms },
  { label: "target", colour: "ink-soft", dashed: true, of: (_, target_ms) => target_ms },
];
/** @type {Line[]} */
const LOADS = [
  { label: "turns", colour: "listening", type: "bar", of: (point) => point.turns },
  { label: "errors", colour: "danger", type: "bar", of: (point) => point.errors },
];

export class Charts {
  /** @type {Point[]} */
  #history = [];
  #target_ms = 0;

  /** @param {HTMLCanvasElement} waits @param {HTMLCanvasElement} loads */
  constructor(waits, loads) {
    const make = () => [
      { chart: made(waits, WAITS, (value) => ms(value)), lines: WAITS },
      { chart: made(loads, LOADS, (value) => String(value)), lines: LOADS },
    ];
    this.charts = make();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const { chart } of this.charts) chart.destroy();
      this.charts = make();
      this.#draw();
    });
  }

  /** @param {Point[]} history @param {number} target_ms */
  show(history, target_ms) {
    this.#history = history;
    this.#target_ms = target_ms;
    this.#draw();
  }

  #draw() {
    for (const { chart, lines } of this.charts) fill(chart, lines, this.#history, this.#target_ms);
  }
}

/** With the colours of this moment. @param {HTMLCanvasElement} canvas @param {Line[]} lines @param {(value: number) => string} unit */
function made(canvas, lines, unit) {
  const [soft, ink, grid] = ["ink-soft", "ink", "line"].map(token);
  return new Chart(canvas, {
    type: "line",
    data: { labels: [], datasets: lines.map(dataset) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        colors: { enabled: false },
        legend: { labels: { color: ink, boxWidth: 14, boxHeight: 3 } },
        tooltip: { callbacks: { label: labelled(unit) } },
      },
      scales: {
        x: { grid: { display: false }, ticks: { color: soft, maxRotation: 0, autoSkipPadding: 16 } },
        y: {
          beginAtZero: true,
          suggestedMax: 1,
          grid: { color: grid },
          ticks: { color: soft, precision: 0, callback: unit, maxTicksLimit: 6 },
        },
      },
    },
  });
}

/** @param {(value: number) => string} unit */
function labelled(unit) {
  return (/** @type {{dataset: {label: string}, parsed: {y: number}}} */ { dataset, parsed }) =>
    `${dataset.label}: ${unit(parsed.y)}`;
}

/** @param {Line} line */
function dataset({ label, colour, type = "line", dashed = false }) {
  const value = token(colour);
  const look = dashed ? { borderDash: [6, 5], pointRadius: 0 } : { pointRadius: 2 };
  const colours = { borderColor: value, backgroundColor: value };
  return { label, type, data: [], borderWidth: type === "line" ? 2 : 0, maxBarThickness: 18, ...colours, ...look };
}

/** @param {Chart} chart @param {Line[]} lines @param {Point[]} history @param {number} target_ms */
function fill(chart, lines, history, target_ms) {
  chart.data.labels = history.map((point) => timeOfDay(point.at));
  lines.forEach((line, index) => {
    chart.data.datasets[index].data = history.map((point) => line.of(point, target_ms));
  });
  chart.update("none");
}
