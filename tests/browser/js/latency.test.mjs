import assert from "node:assert/strict";
import { test } from "node:test";

import { LastVoice, ReplyLatency } from "../../../static/voice/latency.js";

test("a reply is measured from the end of speech to its first audible sample, once", () => {
  const latency = new ReplyLatency();
  latency.turnEnded(10, 25);
  latency.replyStarted(3, "model");
  latency.audioArrived(3, 10.6);
  latency.audioArrived(3, 10.7);

  assert.deepEqual(latency.audible(3, 10.68, 4), {
    type: "heard",
    reply: 3,
    capture_ms: 25,
    network_ms: 4,
    play_ms: 80,
    total_ms: 680,
  });
  assert.equal(latency.audible(3, 10.9, 4), null);
});

test("speech during the reply does not change what the reply is measured from", () => {
  const latency = new ReplyLatency();
  latency.turnEnded(10, 25);
  latency.replyStarted(3, "model");
  latency.audioArrived(3, 10.6);
  latency.turnEnded(10.65, 30);

  assert.equal(latency.audible(3, 10.7, 4)?.total_ms, 700);
});

for (const source of ["greeting", "operator", "resumed"]) {
  test(`a reply that is a ${source} answers no turn and is not measured`, () => {
    const latency = new ReplyLatency();
    latency.turnEnded(10, 25);
    latency.replyStarted(1, source);
    latency.audioArrived(1, 11);

    assert.equal(latency.audible(1, 11, 4), null);
  });
}

test("the last voice is found above the noise of the room, wherever that lies", () => {
  for (const floor_db of [-65, -45, -30]) {
    const ear = new LastVoice();
    for (let n = 0; n < 400; n++) ear.hear(n >= 200 && n < 250 ? floor_db + 25 : floor_db, n * 0.02);
    assert.equal(ear.time_s, 249 * 0.02);
  }
});
