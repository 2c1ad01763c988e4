/* What a close of the socket means, and how long to wait before coming back. Pure: chance comes in
   as a function. The table is the one in docs/protocol.md. */

const FIRST_MS = 250;
const MOST_MS = 15_000;
const RETRY_AFTER_S = 5;

/**
 * @typedef {{action: "reconnect", delay_ms: number} | {action: "stay" | "login", text: string}} AfterClose
 */

/** @type {Record<number, string>} */
const STAY = {
  1000: "The conversation was hung up.",
  1008: "The server closed the call because it could not make sense of what this page sent. Reload the page.",
  1009: "The server closed the call because a message was too large. Reload the page.",
  4403: "This conversation is not yours, or this page was opened from another site. Start a new one.",
  4404: "There is no such agent to talk to. Start a new conversation.",
  4409: "This conversation goes on in another window or on another device.",
};

/**
 * Milliseconds to wait before attempt number `attempt` (from 0): doubling, half of it by chance so
 * that many clients of one server don't come back in step.
 * @param {number} attempt
 * @param {() => number} random from [0, 1)
 */
export function backoff_ms(attempt, random) {
  const ceiling_ms = Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  return ceiling_ms / 2 + (random() * ceiling_ms) / 2;
}

/**
 * What to do after the socket closed with `code`. `retryAfter_s` is that of the last `error`, if any.
 * @param {number} code
 * @param {{attempt: number, random: () => number, retryAfter_s?: number}} circumstances
 * @returns {AfterClose}
 */
export function afterClose(code, { attempt, random, retryAfter_s }) {
  const text = STAY[code];
  if (text) return { action: "stay", text };
  if (code === 4401) return { action: "login", text: "You are no longer logged in." };
  const delay_ms = backoff_ms(attempt, random);
  if (code !== 4429) return { action: "reconnect", delay_ms };
  return { action: "reconnect", delay_ms: 1000 * (retryAfter_s ?? RETRY_AFTER_S) + delay_ms };
}
