/* The talk page: buttons and keys to the call, `voice:*` events of the call to what is shown. */

import { Awake } from "./awake.js";
import { Call } from "./call.js";
import { caption, replyKey } from "./captions.js";
import { Orb } from "./orb.js";
import { Hints, bars, details, summary } from "./quality.js";
import { canStop, label, shown } from "./state.js";
import { Toasts } from "./toasts.js";
import { Transcript } from "./transcript.js";

/** @typedef {import("./wire.js").ServerMessage} ServerMessage */
/** @typedef {import("./state.js").CallState} CallState */
/**
 * @typedef {import("./call.js").Addresses & {login: string, conversations: string,
 *   conversation: string | null}} Config
 */

/** @type {Config} */
const config = JSON.parse(part("config", HTMLScriptElement).textContent ?? "");
const page = {
  talk: part("talk", HTMLElement),
  start: part("start", HTMLButtonElement),
  state: part("state", HTMLElement),
  mute: part("mute", HTMLButtonElement),
  stop: part("stop", HTMLButtonElement),
  hangUp: part("hang-up", HTMLButtonElement),
  latency: part("latency", HTMLElement),
  seconds: part("seconds", HTMLElement),
  repeated: part("repeated", HTMLElement),
  quality: part("quality", HTMLElement),
  offlineEar: part("offline-ear", HTMLElement),
  composer: part("composer", HTMLFormElement),
  text: part("text", HTMLInputElement),
  send: part("send", HTMLButtonElement),
};
const toasts = new Toasts(part("toasts", HTMLElement), part("alerts", HTMLElement));
const orb = new Orb(page.talk);
const transcript = new Transcript(
  part("captions", HTMLElement),
  part("scroller", HTMLElement),
  part("announcer", HTMLElement),
);

const ENDED_BY_OPERATOR = "ended_by_operator";
const NOT_SENT = "There is no connection at the moment. Press Enter again when it is back.";
/** @type {Record<import("./state.js").Microphone, string>} */
const MICROPHONE_ACTIONS = {
  off: "Use microphone",
  refused: "Use microphone",
  asking: "Mute",
  on: "Mute",
  muted: "Unmute",
};

/** @type {Call | null} */
let call = null;
/** @type {readonly import("./captions.js").Caption[]} */
let captions = [];
let hints = new Hints();
/** Codes of errors that a new connection puts right. @type {Set<string>} */
const passing = new Set();
const awake = new Awake();

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} “${id}”.`);
  return found;
}

/** @param {{microphone: boolean}} options */
function start(options) {
  call = new Call(config, document, config.conversation ?? "new");
  captions = [];
  transcript.show(captions);
  if (!config.conversation) document.getElementById("earlier")?.remove();
  hints = new Hints();
  page.latency.hidden = page.quality.hidden = true;
  call.start(options);
  awake.hold();
}

function hangUp() {
  if (!call) return;
  const { conversation } = call;
  call.hangUp();
  if (!captions.length) return;
  const link = { text: "Open the transcript", href: `${config.conversations}${conversation}/` };
  toasts.show({ level: "info", code: "hung up", text: "You hung up.", link });
}

function stopReply() {
  if (call && canStop(call.state)) call.stopReply();
}

/** @param {SubmitEvent} event */
function submit(event) {
  event.preventDefault();
  const text = page.text.value.trim();
  if (!text) return;
  if (!call) start({ microphone: false });
  if (call?.type(text)) page.text.value = "";
  else toasts.show({ level: "warning", code: "typed", text: NOT_SENT });
}

/** @param {KeyboardEvent} event */
function key(event) {
  const elsewhere = event.target instanceof Element && event.target.closest("input, button, a, summary");
  if (event.key !== "Escape" && (event.key !== " " || elsewhere)) return;
  if (!call || !canStop(call.state)) return;
  event.preventDefault();
  stopReply();
}

/** @param {CallState} state */
function showState(state) {
  const word = shown(state);
  const inCall = state.link !== "idle";
  page.talk.dataset.state = word;
  page.talk.dataset.microphone = state.microphone;
  page.state.textContent = label(state);
  page.start.disabled = inCall;
  for (const button of [page.mute, page.stop, page.hangUp]) button.hidden = !inCall;
  page.stop.disabled = !canStop(state);
  page.mute.disabled = state.microphone === "asking";
  page.mute.textContent = MICROPHONE_ACTIONS[state.microphone];
  if (!inCall) ended();
}

function ended() {
  call = null;
  awake.release();
  page.quality.hidden = true;
  page.talk.dataset.ducked = "false";
  config.conversation = null;
  history.replaceState(null, "", location.pathname);
}

/** @param {ServerMessage} message */
function showMessage(message) {
  switch (message.type) {
    case "session":
      passing.forEach((code) => toasts.close(code));
      page.offlineEar.hidden = message.providers.stt.join() !== "offline";
      // A page that is loaded again comes back to the same conversation.
      return history.replaceState(null, "", `?conversation=${message.conversation}`);
    case "reply_started":
      if (message.source === "cache") transcript.repeats(replyKey(message.reply));
      captions = caption(captions, message);
      return transcript.show(captions);
    case "transcript_update":
    case "reply_ended":
      captions = caption(captions, message);
      return transcript.show(captions);
    case "turn_metrics":
      page.latency.hidden = false;
      page.repeated.hidden = !message.cache_hit;
      page.seconds.textContent = `${(message.total_ms / 1000).toFixed(2)} s`;
      return;
    case "audio_metrics":
      return showQuality(message);
    case "notice":
      return toasts.show(message);
    case "error":
      if (message.retryable) passing.add(String(message.code));
      return toasts.show({
        level: message.retryable ? "warning" : "error",
        code: String(message.code),
        text: message.message,
      });
  }
}

/** @param {import("./wire.js").AudioMetrics} metrics */
function showQuality(metrics) {
  const words = summary(metrics);
  page.quality.hidden = false;
  page.quality.dataset.bars = String(bars(metrics));
  page.quality.title = `${words} (${details(metrics)})`;
  if (page.quality.getAttribute("aria-label") !== words) page.quality.setAttribute("aria-label", words);
  const hint = hints.hear(metrics);
  if (hint) toasts.show({ level: "warning", ...hint });
}

/** @param {import("./call.js").Trouble} trouble */
function showTrouble(trouble) {
  if (trouble.code === "1000" && toasts.shows(ENDED_BY_OPERATOR)) return; // which says more
  const back = encodeURIComponent(location.pathname + location.search);
  const login = { text: "Log in", href: `${config.login}?next=${back}` };
  const link = trouble.code === "4401" ? login : undefined;
  toasts.show({ ...trouble, link });
}

/** @template T @param {string} name @param {(detail: T) => void} listener */
function on(name, listener) {
  document.addEventListener(`voice:${name}`, (event) => {
    listener(/** @type {CustomEvent<T>} */ (event).detail);
  });
}

on("state", showState);
on("message", showMessage);
on("trouble", showTrouble);
on("recovered", (/** @type {{code: string}} */ { code }) => toasts.close(code));
on("ducked", (/** @type {{ducked: boolean}} */ { ducked }) => {
  page.talk.dataset.ducked = String(ducked);
});
on("speaker", (/** @type {{level_db: number}} */ { level_db }) => orb.hear(level_db));
on("microphone", (/** @type {{level_db: number}} */ { level_db }) => {
  if (call && call.state.floor !== "speaking") orb.hear(level_db);
});
page.start.addEventListener("click", () => start({ microphone: true }));
page.mute.addEventListener("click", () => call?.toggleMicrophone());
page.stop.addEventListener("click", stopReply);
page.hangUp.addEventListener("click", hangUp);
page.composer.addEventListener("submit", submit);
document.addEventListener("keydown", key);
// Both wait for this module: a press before would be lost.
page.start.disabled = page.send.disabled = false;
