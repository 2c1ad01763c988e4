/* What both sides said, in order, from the messages of the server. Pure: a list in, a list out.
   A user's turn is known by its number, a reply by its own. */

/** @typedef {import("./wire.js").TranscriptUpdate} TranscriptUpdate */
/** @typedef {import("./wire.js").ReplyEnded} ReplyEnded */
/** @typedef {import("./wire.js").Source} Source */
/**
 * `cut`: the reply was interrupted; `text` is then what was heard of it. `sources`: web pages that it rests on.
 * @typedef {{key: string, role: "user" | "assistant", text: string, is_final: boolean, cut: boolean,
 *   sources: readonly Source[]}} Caption
 */

/**
 * @param {readonly Caption[]} captions
 * @param {TranscriptUpdate | ReplyEnded} message
 * @returns {readonly Caption[]}
 */
export function caption(captions, message) {
  return message.type === "reply_ended" ? ended(captions, message) : updated(captions, message);
}

/** @param {readonly Caption[]} captions @param {TranscriptUpdate} update */
function updated(captions, { role, turn, reply, text, is_final }) {
  const key = role === "user" ? `user ${turn}` : replyKey(reply);
  const before = captions.find((known) => known.key === key);
  if (!text) return is_final && role === "user" ? without(captions, key) : captions;
  // The end of a reply has the last word on what was heard of it.
  if (role === "assistant" && before?.is_final) return captions;
  return put(captions, { key, role, text, is_final: is_final && role === "user", cut: false, sources: [] });
}

/** @param {readonly Caption[]} captions @param {ReplyEnded} message */
function ended(captions, { reply, interrupted, heard_text, sources = [] }) {
  const key = replyKey(reply);
  if (!heard_text && !interrupted) return without(captions, key);
  const known = captions.some((caption) => caption.key === key);
  if (!heard_text && !known) return captions;
  return put(captions, { key, role: "assistant", text: heard_text, is_final: true, cut: interrupted, sources });
}

/** @param {readonly Caption[]} captions @param {Caption} caption */
function put(captions, caption) {
  const at = captions.findIndex((known) => known.key === caption.key);
  return at < 0 ? [...captions, caption] : captions.with(at, caption);
}

/** @param {readonly Caption[]} captions @param {string} key */
function without(captions, key) {
  return captions.filter((caption) => caption.key !== key);
}

/** @param {number | undefined} reply */
export function replyKey(reply) {
  return `assistant ${reply}`;
}
