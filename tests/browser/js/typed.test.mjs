import assert from "node:assert/strict";
import { test } from "node:test";

import { Typed } from "../../../static/voice/typed.js";

test("what was typed waits until the server has it, in order", () => {
  const typed = new Typed();
  const first = typed.add("one");
  const second = typed.add("two");
  assert.deepEqual(typed.waiting, [first, second]);

  typed.taken(first?.id ?? "");

  assert.deepEqual(typed.waiting, [second]);
});

test("the same words twice are two turns, also of two pages", () => {
  const typed = new Typed();
  const ids = [typed.add("yes"), typed.add("yes"), new Typed().add("yes")].map((turn) => turn?.id);

  assert.equal(new Set(ids).size, 3);
});

test("more than eight are refused, and none of those is lost", () => {
  const typed = new Typed();
  for (let n = 0; n < 8; n++) assert.ok(typed.add(`turn ${n}`));

  assert.equal(typed.add("one too many"), null);
  assert.equal(typed.waiting.length, 8);
});
