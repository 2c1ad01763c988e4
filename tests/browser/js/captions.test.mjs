import assert from "node:assert/strict";
import { test } from "node:test";

import { caption } from "../../../static/voice/captions.js";

/** @typedef {import("../../../static/voice/wire.js").TranscriptUpdate} TranscriptUpdate */

/** @param {number} turn @param {string} text @param {boolean} [is_final] @returns {TranscriptUpdate} */
function user(turn, text, is_final = false) {
  return { type: "transcript_update", role: "user", turn, text, is_final };
}

/** @param {number} reply @param {string} text @param {boolean} [is_final] @returns {TranscriptUpdate} */
function assistant(reply, text, is_final = false) {
  return { type: "transcript_update", role: "assistant", turn: 1, reply, text, is_final };
}

/** @param {number} reply @param {string} heard_text @param {boolean} [interrupted] */
function ended(reply, heard_text, interrupted = false) {
  return /** @type {const} */ ({ type: "reply_ended", turn: 1, reply, heard_text, interrupted });
}

/** @param {number} reply @param {number} [resumes] */
function started(reply, resumes) {
  return /** @type {const} */ ({ type: "reply_started", turn: 1, reply, source: "model", resumes });
}

/** @param {Parameters<typeof caption>[1][]} messages */
function after(...messages) {
  return messages.reduce(caption, []).map(({ role, text, is_final, cut }) => ({ role, text, is_final, cut }));
}

test("what the user says is provisional until it is final", () => {
  assert.deepEqual(after(user(1, "what")), [{ role: "user", text: "what", is_final: false, cut: false }]);
  assert.deepEqual(after(user(1, "what"), user(1, "What time?", true)), [
    { role: "user", text: "What time?", is_final: true, cut: false },
  ]);
});

test("a final caption grows when the user goes on speaking in the same turn", () => {
  const [only, ...rest] = after(user(1, "What time", true), user(1, "What time is it in Rome?", true));

  assert.equal(only.text, "What time is it in Rome?");
  assert.deepEqual(rest, []);
});

test("words that turned out to be none disappear", () => {
  assert.deepEqual(after(user(1, "uh"), user(1, "", true)), []);
});

test("the assistant's text grows and is done when the reply has ended", () => {
  const grown = after(user(1, "Hi.", true), assistant(1, "Hello."), assistant(1, "Hello. How are you?"));
  const done = after(assistant(1, "Hello. How are you?"), ended(1, "Hello. How are you?"));

  assert.deepEqual(grown.at(-1), { role: "assistant", text: "Hello. How are you?", is_final: false, cut: false });
  assert.equal(done[0].is_final, true);
});

test("an interrupted reply shows what was heard, cut, and nothing that comes late", () => {
  const captions = after(
    assistant(1, "The answer is forty-two."),
    assistant(1, "The answer", true),
    ended(1, "The answer", true),
    assistant(1, "The answer is forty-two. Or not."),
  );

  assert.deepEqual(captions, [{ role: "assistant", text: "The answer", is_final: true, cut: true }]);
});

test("a reply stopped before a word was heard stays as a cut, if it was shown at all", () => {
  assert.deepEqual(after(assistant(1, "The"), ended(1, "", true))[0], {
    role: "assistant",
    text: "",
    is_final: true,
    cut: true,
  });
  assert.deepEqual(after(ended(1, "", true)), []);
});

test("several replies to one turn stand one below the other", () => {
  assert.deepEqual(
    after(assistant(1, "One moment."), user(1, "Hm", false), assistant(2, "Here it is.")).map(({ text }) => text),
    ["One moment.", "Hm", "Here it is."],
  );
});

test("a reply that goes on after a dropped connection is one caption of what was heard and the rest", () => {
  const dropped = [started(1), assistant(1, "One two three."), assistant(1, "One two", true), ended(1, "One two")];
  const back = [...dropped, started(2, 1), assistant(2, "three.")];

  assert.deepEqual(after(...dropped, started(2, 1)), [
    { role: "assistant", text: "One two", is_final: false, cut: false },
  ]);
  assert.deepEqual(after(...back).map(({ text }) => text), ["One two three."]);
  assert.deepEqual(after(...back, ended(2, "three.")), [
    { role: "assistant", text: "One two three.", is_final: true, cut: false },
  ]);
});

test("it may be dropped again, and be interrupted in the end", () => {
  const captions = after(
    ...[assistant(1, "One"), ended(1, "One"), started(2, 1), assistant(2, "two"), ended(2, "two")],
    ...[started(3, 2), assistant(3, "three four."), ended(3, "three", true)],
  );

  assert.deepEqual(captions, [{ role: "assistant", text: "One two three", is_final: true, cut: true }]);
});

test("what was said of it before the drop does not come back once it goes on", () => {
  const captions = after(assistant(1, "One two"), ended(1, "One"), started(2, 1), assistant(1, "One two three"));

  assert.deepEqual(captions.map(({ text }) => text), ["One"]);
});

test("one of which nothing was heard begins anew", () => {
  const captions = after(assistant(1, "One"), ended(1, ""), started(2, 1), assistant(2, "One two"));

  assert.deepEqual(captions.map(({ text }) => text), ["One two"]);
});

test("one of which nothing more is heard stands as what was", () => {
  const captions = after(assistant(1, "One"), ended(1, "One"), started(2, 1), ended(2, ""));

  assert.deepEqual(captions, [{ role: "assistant", text: "One", is_final: true, cut: false }]);
});

test("one that a page does not know which was loaded again meanwhile has a caption of its own", () => {
  assert.deepEqual(after(started(2, 1), assistant(2, "three")).map(({ text }) => text), ["three"]);
});

test("a reply has the sources that came with its end", () => {
  const sources = [{ title: "Tea", url: "https://example.org/" }];
  const captions = [assistant(1, "It is hot."), { ...ended(1, "It is hot."), sources }].reduce(caption, []);

  assert.deepEqual(captions.map((each) => each.sources), [sources]);
  assert.deepEqual([assistant(1, "Hi."), ended(1, "Hi.")].reduce(caption, [])[0].sources, []);
});
