/* Numbers as people read them. Pure. What is not known is a dash. */

export const UNKNOWN = "–";

/** @param {number | null | undefined} value */
export function count(value) {
  return value == null ? UNKNOWN : Math.round(value).toLocaleString("en");
}

/** Milliseconds; from ten seconds on in seconds. @param {number | null | undefined} value */
export function ms(value) {
  if (value == null) return UNKNOWN;
  return value < 10_000 ? `${count(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** How long something lasts, in two units at most. @param {number | null | undefined} seconds */
export function lasting(seconds) {
  if (seconds == null) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/**
 * Of a whole, in percent. Never rounded up to 100: that would say that nothing happened.
 * @param {number | null | undefined} value from 0 to 1
 */
export function share(value) {
  if (value == null) return UNKNOWN;
  const rounded = value === 1 ? "100" : Math.min(99.99, Math.floor(value * 10_000) / 100).toString();
  return `${rounded} %`;
}

/** Dollars; small amounts with more digits. @param {number | null | undefined} value */
export function money(value) {
  if (value == null) return UNKNOWN;
  return `$${value.toFixed(value === 0 || value >= 1 ? 2 : 4)}`;
}

/** What happens in a minute. @param {number} times @param {number} seconds */
export function perMinute(times, seconds) {
  const rate = seconds > 0 ? (times / seconds) * 60 : 0;
  return rate >= 10 || rate === 0 ? count(rate) : rate.toFixed(1);
}

/** Of the day, as the reader's clock shows it. @param {number} at Unix seconds */
export function timeOfDay(at) {
  return new Date(at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** All of them together. @param {Record<string, number>} counts */
export function sum(counts) {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
