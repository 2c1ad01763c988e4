import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, canStop, label, next, shown } from "../../../static/voice/state.js";

/** @typedef {import("../../../static/voice/state.js").CallEvent} CallEvent */

/** @type {CallEvent} */ const started = { type: "started" };
/** @type {CallEvent} */ const opened = { type: "opened" };
/** @type {CallEvent} */ const dropped = { type: "dropped" };
/** @type {CallEvent} */ const ended = { type: "ended" };
/** @param {import("../../../static/voice/state.js").Microphone} microphone @returns {CallEvent} */
const microphone = (microphone) => ({ type: "microphone", microphone });
/** @param {import("../../../static/voice/wire.js").Floor} floor @returns {CallEvent} */
const floor = (floor) => ({ type: "floor", floor });

/** @param {CallEvent[]} events */
function after(...events) {
  return events.reduce(next, IDLE);
}

test("listening is shown when there is a session and a microphone, in either order", () => {
  assert.equal(shown(after(started, microphone("asking"), opened)), "connecting");
  assert.equal(shown(after(started, microphone("asking"), opened, microphone("on"))), "listening");
  assert.equal(shown(after(started, microphone("on"), opened)), "listening");
  assert.equal(shown(after(started, microphone("on"))), "connecting");
});

test("without a microphone the page asks to type", () => {
  assert.equal(label(after(started, opened, microphone("refused"))), "Type to talk");
});

test("what the server says of the floor is shown", () => {
  const open = [started, microphone("on"), opened];
  assert.equal(shown(after(...open, floor("thinking"))), "thinking");
  assert.equal(shown(after(...open, floor("speaking"))), "speaking");
});

test("a reply can be stopped while it is thought of or spoken, and not otherwise", () => {
  const open = [started, microphone("on"), opened];
  assert.deepEqual(
    ["listening", "thinking", "speaking"].map((word) => canStop(after(...open, floor(/** @type {"thinking"} */ (word))))),
    [false, true, true],
  );
  assert.equal(canStop(after(...open, floor("speaking"), dropped)), false);
});

test("a drop is a reconnection once there was a connection", () => {
  assert.equal(shown(after(started, dropped)), "connecting");
  assert.equal(shown(after(started, microphone("on"), opened, dropped)), "reconnecting");
  assert.equal(shown(after(started, microphone("on"), opened, dropped, opened)), "listening");
});

test("a muted microphone stays muted over a reconnection, and the end is idle", () => {
  assert.equal(label(after(started, microphone("muted"), opened, dropped, opened)), "Muted");
  assert.deepEqual(after(started, opened, microphone("on"), ended), IDLE);
});
