/* What both sides said, in order, from the messages of the server. Pure: a list in, a list out.
   A user's turn is known by its number, a reply by its own. A reply that goes on after a dropped connection
   gets another number, and stays one caption. */

/** @typedef {import("./wire.js").TranscriptUpdate} TranscriptUpdate */
/** @typedef {import("./wire.js").ReplyStarted} ReplyStarted */
/** @typedef {import("./wire.js").ReplyEnded} ReplyEnded */
/** @typedef {import("./wire.js").Source} Source */
/**
 * What one number of a reply had to say.
 * @typedef {{reply: number | undefined, text: string}} Part
 */
/**
 * `cut`: the reply was interrupted; `text` is then what was heard of it. `parts`: of a reply, what `text` is
 * put together from. `sources`: web pages that it rests on.
 * @typedef {{key: string, role: "user" | "assistant", text: string, is_final: boolean, cut: boolean,
 *   parts: readonly Part[], sources: readonly Source[]}} Caption
 */

/**
 * @param {readonly Caption[]} captions
 * @param {TranscriptUpdate | ReplyStarted | ReplyEnded} message
 * @returns {readonly Caption[]}
 */
export function caption(captions, message) {
  switch (message.type) {
    case "reply_started":
      return started(captions, message);
    case "reply_ended":
      return ended(captions, message);
    case "transcript_update":
      return message.role === "user" ? heard(captions, message) : spoken(captions, message);
  }
}

/** @param {readonly Caption[]} captions @param {TranscriptUpdate} update */
function heard(captions, { turn, text, is_final }) {
  const key = `user ${turn}`;
  if (!text) return is_final ? without(captions, key) : captions;
  return put(captions, { key, role: "user", text, is_final, cut: false, parts: [], sources: [] });
}

/** One that goes on is not over yet. @param {readonly Caption[]} captions @param {ReplyStarted} message */
function started(captions, { reply, resumes }) {
  const before = resumes === undefined ? undefined : of(captions, resumes);
  if (!before) return captions;
  return put(captions, { ...before, is_final: false, parts: [...before.parts, { reply, text: "" }] });
}

/** @param {readonly Caption[]} captions @param {TranscriptUpdate} update */
function spoken(captions, { reply, text }) {
  const before = of(captions, reply) ?? blank(reply);
  // The end of a reply has the last word on what was heard of it, and so has its going on.
  if (!text || before.is_final || before.parts.at(-1)?.reply !== reply) return captions;
  return put(captions, said(before, reply, text));
}

/** @param {readonly Caption[]} captions @param {ReplyEnded} message */
function ended(captions, { reply, interrupted, heard_text, sources = [] }) {
  const before = of(captions, reply);
  if (!before && !heard_text) return captions;
  const caption = said(before ?? blank(reply), reply, heard_text);
  if (!caption.text && !interrupted) return without(captions, caption.key);
  const restsOn = sources.length ? sources : caption.sources;
  return put(captions, { ...caption, is_final: true, cut: interrupted, sources: restsOn });
}

/** @param {Caption} caption @param {number | undefined} reply @param {string} text @returns {Caption} */
function said(caption, reply, text) {
  const parts = caption.parts.map((part) => (part.reply === reply ? { reply, text } : part));
  return { ...caption, parts, text: parts.map((part) => part.text).filter(Boolean).join(" ") };
}

/** @param {number | undefined} reply @returns {Caption} */
function blank(reply) {
  const parts = [{ reply, text: "" }];
  return { key: replyKey(reply), role: "assistant", text: "", is_final: false, cut: false, parts, sources: [] };
}

/** @param {readonly Caption[]} captions @param {number | undefined} reply */
function of(captions, reply) {
  return captions.find(({ parts }) => parts.some((part) => part.reply === reply));
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
