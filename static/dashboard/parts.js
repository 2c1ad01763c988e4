/* The parts of the wait for an answer: their names, their targets, and how wide they are drawn.
   Pure. The order is that of docs/protocol.md. */

/** @typedef {import("./state.js").Bar} Bar */
/** @typedef {import("./state.js").Stage} Stage */
/** @typedef {import("./state.js").Wait} Wait */
/** @typedef {{part: string, name: string, target?: Exclude<Stage, "turn">}} Part */

/** `target`: which of the settings TARGET_*_MS its 95th percentile is measured by. @type {readonly Part[]} */
export const PARTS = [
  { part: "vad_end_ms", name: "end of turn" },
  { part: "stt_ms", name: "speech to text", target: "hear" },
  { part: "recall_ms", name: "recall and cache" },
  { part: "llm_ttft_ms", name: "first token", target: "first_token" },
  { part: "clause_ms", name: "first clause" },
  { part: "tts_ttfb_ms", name: "first audio", target: "voice" },
  { part: "capture_ms", name: "capture" },
  { part: "network_ms", name: "network" },
  { part: "play_ms", name: "playing" },
];

/** Whether a 95th percentile misses its target. @param {number | null} p95_ms @param {number | null} target_ms */
export function isOver(p95_ms, target_ms) {
  return p95_ms !== null && target_ms !== null && p95_ms > target_ms;
}

/**
 * How wide each part is, in percent of the line; together they are as wide as the whole.
 * @param {Bar} bar @param {number} line_ms what the whole line stands for
 */
export function widths(bar, line_ms) {
  return PARTS.map((one) => ({ ...one, percent: (100 * (bar.parts[one.part] ?? 0)) / line_ms }));
}

/** What the line of all bars stands for: the longest of them, and the target. @param {Wait} wait */
export function line_ms(wait) {
  const totals = Object.values(wait.bars).map((bar) => bar?.total_ms ?? 0);
  return Math.max(wait.targets.turn, ...totals) * 1.05;
}

/**
 * The two numbers above the bars: what people heard where their clients say so, else what left the
 * server; null where nobody was answered.
 * @param {Wait} wait
 */
export function headline(wait) {
  if (wait.bars.p50) {
    const { p50, p95 } = wait.bars;
    return { p50_ms: p50.total_ms, p95_ms: p95?.total_ms ?? null, turns: wait.turns, isHeard: true };
  }
  return wait.server.turns ? { ...wait.server, isHeard: false } : null;
}
