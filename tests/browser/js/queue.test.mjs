import assert from "node:assert/strict";
import { test } from "node:test";

import { AudioQueue } from "../../../static/voice/worklets/queue.js";

/** @param {number} reply @param {number[]} values @param {number} [sample] */
function piece(reply, values, sample = 0) {
  return { reply, sample, values: Float32Array.from(values) };
}

test("what goes in comes out in order, over the borders of pieces", () => {
  const queue = new AudioQueue(10);
  queue.push(piece(1, [1, 2, 3]));
  queue.push(piece(1, [4, 5], 3));

  const taken = [queue.take(2, 1), queue.take(2, 1), queue.take(9, 1)].map((values) => [...values]);

  assert.deepEqual(taken, [[1, 2], [3], [4, 5]]);
  assert.equal(queue.length, 0);
  assert.equal(queue.head, null);
});

test("what is left of a piece knows its place in the reply", () => {
  const queue = new AudioQueue(10);
  queue.push(piece(1, [1, 2, 3, 4], 100));

  queue.take(2, 0.5);

  assert.equal(queue.head?.sample, 101);
});

test("what does not fit is refused whole", () => {
  const queue = new AudioQueue(4);

  assert.equal(queue.push(piece(1, [1, 2, 3])), true);
  assert.equal(queue.push(piece(1, [4, 5])), false);
  assert.equal(queue.length, 3);
});

test("a fade goes down to nothing and takes the place of the rest", () => {
  const queue = new AudioQueue(100);
  queue.push(piece(1, [1, 1, 1, 1, 1, 1, 1, 1]));

  queue.drop(1, 4);

  assert.deepEqual([...queue.take(9, 1)], [0.75, 0.5, 0.25, 0]);
  assert.equal(queue.length, 0);
});
