import assert from "node:assert/strict";
import { test } from "node:test";

import { Ducking } from "../../../static/voice/worklets/ducking.js";

const HZ = 1000;

test("a suspicion expires once", () => {
  const ducking = new Ducking(HZ);
  ducking.suspect(1, 100);

  assert.equal(ducking.expires(579, false), false);
  assert.equal(ducking.reply, 1);
  assert.equal(ducking.expires(580, false), true);
  assert.equal(ducking.reply, null);
  assert.equal(ducking.expires(581, false), false);
});

test("what the server has confirmed does not expire, and no suspicion makes it expire", () => {
  const ducking = new Ducking(HZ);
  ducking.suspect(1, 100);
  ducking.confirm(1);
  ducking.suspect(1, 200);

  assert.equal(ducking.expires(100_000, false), false);
  assert.equal(ducking.reply, 1);
});

test("another onset under a suspicion gives it time again", () => {
  const ducking = new Ducking(HZ);
  ducking.suspect(1, 100);
  ducking.suspect(1, 500);

  assert.equal(ducking.expires(600, false), false);
  assert.equal(ducking.expires(980, false), true);
});

test("a server far away is waited for as long as the sound goes on", () => {
  const ducking = new Ducking(HZ);
  ducking.expectAfter(0.4);
  ducking.suspect(1, 100);

  assert.equal(ducking.expires(919, true), false);
  assert.equal(ducking.expires(600, false), true);
  ducking.suspect(1, 1000);
  assert.equal(ducking.expires(1820, true), true);
});

test("however far away it is, nobody waits for a second more", () => {
  const ducking = new Ducking(HZ);
  ducking.expectAfter(5);
  ducking.suspect(1, 0);

  assert.equal(ducking.expires(980, true), true);
});
