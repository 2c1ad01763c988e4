/* What comes over /dashboard/live, as types. Fields are spelled as in dashboard/live/. */

/** @typedef {Record<string, number>} Counts */
/** @typedef {{parts: Record<string, number>, total_ms: number}} Bar the parts add up to the total */
/** @typedef {"hear" | "first_token" | "voice" | "turn"} Stage */
/** @typedef {{turns: number, p50_ms: number | null, p95_ms: number | null}} Measured */

/**
 * @typedef {Measured & {bars: Record<"p50" | "p95" | "mean", Bar | null>,
 *   part_p95_ms: Record<string, number | null>, targets: Record<Stage, number>, server: Measured}} Wait
 * @typedef {{at: number, turns: number, errors: number, p50_ms: number | null, p95_ms: number | null}} Point
 * @typedef {{label: string, name?: string, amount: number}} Cost
 * @typedef {{until: number, seconds: number, wait: Wait, turns: Counts, replies: Counts, errors: Counts,
 *   cache: {hits: number, saved_ms: number, saved_each_ms: number | null}, speculations: Counts,
 *   interruptions: Counts, tools: Counts, lag_p95_ms: number | null,
 *   audio: {turns: number, quality_p50: number | null, quality_p05: number | null, snr_p50_db: number | null},
 *   sessions: {opened: number, closed: number, abnormal: number, normal_share: number | null},
 *   cost: {providers: Cost[], users: Cost[]}, history: Point[]}} Figures
 * @typedef {{stage: string, name: string, model: string, state: "closed" | "open" | "half_open",
 *   reason: string | null, since: number | null, first_p95_ms: number | null, answers: number | null,
 *   failures: number | null, hedges: number | null, failovers: number | null}} Provider
 */

/**
 * @typedef {{seq: number, at: number, problems: string[]}} Common
 * @typedef {Common & {type: "figures", span: string, active: number, connected: number,
 *   figures: Figures | null, providers: Provider[]}} FiguresState
 * @typedef {{conversation: string, user: string, agent: string, agent_id: number, phase: string, since: number,
 *   turn: number, version: number, own_version: number, connected: boolean, applied_ms: number | null,
 *   applied?: boolean}} SessionRow
 * @typedef {Common & {type: "sessions", sessions: SessionRow[]}} SessionsState
 * @typedef {Common & {type: "applied", agent: number, version: number, applied: number, of: number,
 *   sessions: SessionRow[]}} AppliedState
 * @typedef {{type: "watching", running: boolean}} Watching
 */

export {};
