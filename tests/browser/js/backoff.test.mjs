import assert from "node:assert/strict";
import { test } from "node:test";

import { afterClose, backoff_ms } from "../../../static/voice/backoff.js";

const first = { attempt: 0, random: () => 0.5 };

test("each attempt waits longer, up to 15 s, with half of it left to chance", () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const [least, most] = [backoff_ms(attempt, () => 0), backoff_ms(attempt, () => 0.999999)];
    const ceiling = Math.min(15_000, 250 * 2 ** attempt);
    assert.equal(least, ceiling / 2);
    assert.ok(most > 0.99 * ceiling && most <= ceiling);
  }
});

for (const code of [1000, 1008, 1009, 4403, 4404, 4409]) {
  test(`after ${code} the client stays away and says why`, () => {
    const then = afterClose(code, first);

    assert.equal(then.action, "stay");
    assert.ok("text" in then && then.text.length > 20);
  });
}

for (const code of [1001, 1006, 1011, 1012, 4503, 4999]) {
  test(`after ${code} the client comes back soon`, () => {
    assert.deepEqual(afterClose(code, first), { action: "reconnect", delay_ms: 187.5 });
  });
}

test("somebody who is not logged in any more is asked to log in", () => {
  assert.equal(afterClose(4401, first).action, "login");
});

test("a server that is too busy says how long to wait", () => {
  assert.deepEqual(afterClose(4429, { ...first, retryAfter_s: 7 }), { action: "reconnect", delay_ms: 7187.5 });
  assert.deepEqual(afterClose(4429, first), { action: "reconnect", delay_ms: 5187.5 });
});
