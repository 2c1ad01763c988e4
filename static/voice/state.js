/* What the page shows of the call: one value, changed only by `next`. Pure.
   The server says who has the floor; the socket and the microphone are known only here. */

/** @typedef {import("./wire.js").Floor} Floor */
/** @typedef {"idle" | "connecting" | "open" | "reconnecting"} Link */
/** @typedef {"off" | "asking" | "on" | "muted" | "refused"} Microphone */
/** @typedef {{link: Link, floor: Floor, microphone: Microphone}} CallState */
/** @typedef {"idle" | "connecting" | "listening" | "thinking" | "speaking" | "reconnecting"} Shown */
/**
 * @typedef {{type: "started"} | {type: "opened"} | {type: "dropped"} | {type: "ended"}
 *   | {type: "floor", floor: Floor} | {type: "microphone", microphone: Microphone}} CallEvent
 */

/** @type {CallState} */
export const IDLE = { link: "idle", floor: "idle", microphone: "off" };

/** @type {Record<Shown, string>} */
const LABELS = {
  idle: "Ready when you are",
  connecting: "Connecting…",
  listening: "Listening",
  thinking: "Thinking…",
  speaking: "Speaking",
  reconnecting: "Reconnecting…",
};

/**
 * @param {CallState} state
 * @param {CallEvent} event
 * @returns {CallState}
 */
export function next(state, event) {
  switch (event.type) {
    case "started":
      return { ...IDLE, link: "connecting", microphone: state.microphone };
    case "opened":
      return { ...state, link: "open", floor: "listening" };
    case "dropped":
      return { ...state, link: state.link === "connecting" ? "connecting" : "reconnecting" };
    case "ended":
      return IDLE;
    case "floor":
      return { ...state, floor: event.floor };
    case "microphone":
      return { ...state, microphone: event.microphone };
  }
}

/**
 * The one word for it: listening only when somebody can be heard, or could type.
 * @param {CallState} state
 * @returns {Shown}
 */
export function shown({ link, floor, microphone }) {
  if (link !== "open") return link;
  if (floor === "idle" || floor === "listening") {
    return microphone === "asking" ? "connecting" : "listening";
  }
  return floor;
}

/** @param {CallState} state */
export function label(state) {
  const word = shown(state);
  if (word === "connecting" && state.microphone === "asking" && state.link === "open") {
    return "Allow the microphone";
  }
  if (word !== "listening") return LABELS[word];
  if (state.microphone === "muted") return "Muted";
  return state.microphone === "on" ? LABELS.listening : "Type to talk";
}

/** Whether there is a reply to stop. @param {CallState} state */
export function canStop(state) {
  return state.link === "open" && (state.floor === "speaking" || state.floor === "thinking");
}
