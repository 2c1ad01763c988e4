import assert from "node:assert/strict";
import { test } from "node:test";

import { Editor } from "../../../static/dashboard/editor.js";
import { count, lasting, money, ms, perMinute, share, sum } from "../../../static/dashboard/format.js";
import { PARTS, headline, isOver, line_ms, widths } from "../../../static/dashboard/parts.js";

const bar = (total_ms, parts) => ({ total_ms, parts });
const wait = {
  turns: 20,
  p50_ms: 470,
  p95_ms: 2010,
  bars: {
    p50: bar(480, { vad_end_ms: 180, llm_ttft_ms: 300 }),
    p95: bar(2080, { vad_end_ms: 80, llm_ttft_ms: 2000 }),
    mean: bar(640, { vad_end_ms: 140, llm_ttft_ms: 500 }),
  },
  part_p95_ms: {},
  targets: { hear: 200, first_token: 500, voice: 300, turn: 1000 },
  server: { turns: 25, p50_ms: 400, p95_ms: 900 },
};
const empty = { ...wait, turns: 0, bars: { p50: null, p95: null, mean: null } };

test("the parts of a bar are drawn in order and together as wide as its whole", () => {
  const drawn = widths(wait.bars.p50, 960);

  assert.deepEqual(drawn.map((one) => one.part), PARTS.map((one) => one.part));
  assert.equal(drawn.reduce((all, one) => all + one.percent, 0), 50);
});

test("the line is long enough for the longest bar, and for the target where all are quicker", () => {
  assert.ok(line_ms(wait) > 2080);
  assert.ok(line_ms(empty) > 1000);
});

test("the two numbers are the wholes of their bars", () => {
  assert.deepEqual(headline(wait), { p50_ms: 480, p95_ms: 2080, turns: 20, isHeard: true });
});

test("where no client says what was heard, the server's own numbers stand, and say so", () => {
  assert.deepEqual(headline(empty), { turns: 25, p50_ms: 400, p95_ms: 900, isHeard: false });
  assert.equal(headline({ ...empty, server: { turns: 0, p50_ms: null, p95_ms: null } }), null);
});

test("a target is missed from above it", () => {
  assert.equal(isOver(201, 200), true);
  assert.equal(isOver(200, 200), false);
  assert.equal(isOver(null, 200), false);
  assert.equal(isOver(900, null), false);
});

test("what is not known is a dash and never a zero", () => {
  for (const format of [count, ms, lasting, share, money]) assert.equal(format(null), "–");
});

test("a share of almost all is never rounded up to all", () => {
  assert.equal(share(1), "100 %");
  assert.equal(share(0.999_999), "99.99 %");
  assert.equal(share(0.5), "50 %");
});

test("numbers read as people say them", () => {
  assert.equal(count(12_345.6), "12,346");
  assert.equal(ms(812.4), "812 ms");
  assert.equal(ms(61_000), "61.0 s");
  assert.equal(lasting(59.9), "59 s");
  assert.equal(lasting(125), "2 min 5 s");
  assert.equal(lasting(7325), "2 h 2 min");
  assert.equal(money(0.0123), "$0.0123");
  assert.equal(money(12.3), "$12.30");
  assert.equal(perMinute(9, 270), "2.0");
  assert.equal(perMinute(0, 270), "0");
  assert.equal(sum({ spoken: 2, typed: 3 }), 5);
});

test("an editor without a draft shows what others wrote, and saves on top of it", () => {
  const [text, seen] = [{ value: "One." }, { value: "1" }];
  const editor = new Editor(text, seen);

  editor.changed("One.\nTwo.", 2);
  editor.changed("One.", 1); // an answer that comes late

  assert.deepEqual([text.value, seen.value], ["One.\nTwo.", "2"]);
});

test("a draft stays, and so does the version that it began from", () => {
  const [text, seen] = [{ value: "One." }, { value: "1" }];
  const editor = new Editor(text, seen);
  text.value = "One and more.";

  editor.changed("One.\nTwo.", 2);

  assert.deepEqual([text.value, seen.value], ["One and more.", "1"]);
});

test("what was saved is no draft any more, and what was typed meanwhile is one", () => {
  const [text, seen] = [{ value: "" }, { value: "0" }];
  const editor = new Editor(text, seen);
  text.value = "Saved, and goes on";
  editor.saved("Saved", 1);
  editor.changed("Saved\nTwo.", 2);
  assert.deepEqual([text.value, seen.value], ["Saved, and goes on", "1"]);

  editor.saved("Saved, and goes on", 3);
  editor.changed("Another.", 4);
  assert.deepEqual([text.value, seen.value], ["Another.", "4"]);
});
