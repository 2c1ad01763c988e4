import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeAudio } from "../../../static/voice/wire.js";

test("a reply frame is read as little-endian: number, place, samples", () => {
  const bytes = [7, 0, 0, 0, 0x40, 0xe2, 1, 0, 0x01, 0x00, 0xff, 0x7f, 0x00, 0x80];

  const audio = decodeAudio(Uint8Array.from(bytes).buffer);

  assert.equal(audio.reply, 7);
  assert.equal(audio.sample, 123_456);
  assert.deepEqual([...audio.pcm], [1, 32767, -32768]);
});

test("numbers above two thousand million are not negative", () => {
  const audio = decodeAudio(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x80]).buffer);

  assert.deepEqual([audio.reply, audio.sample, audio.pcm.length], [2 ** 32 - 1, 2 ** 31, 0]);
});

for (const length of [0, 7, 9]) {
  test(`a frame of ${length} bytes is refused`, () => {
    assert.throws(() => decodeAudio(new ArrayBuffer(length)), RangeError);
  });
}
