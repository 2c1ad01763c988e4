/* Reply audio at the device's rate, waiting to be played. Pure.
   Every piece knows its reply and its place in it, so that one reply can be taken out at any moment. */

/**
 * `sample`: the place of the piece's first value in its reply, in samples at 24 kHz, with fraction.
 * @typedef {{reply: number, sample: number, values: Float32Array}} Piece
 */

export class AudioQueue {
  /** @type {Piece[]} */
  #pieces = [];
  length = 0;

  /** @param {number} capacity values; what does not fit is refused, since what waits comes first */
  constructor(capacity) {
    this.capacity = capacity;
  }

  /** The next piece to play, or what is left of it. */
  get head() {
    return this.#pieces[0] ?? null;
  }

  /** Whether there was room. @param {Piece} piece */
  push(piece) {
    if (this.length + piece.values.length > this.capacity) return false;
    if (piece.values.length) this.#pieces.push(piece);
    this.length += piece.values.length;
    return true;
  }

  /**
   * Take up to `count` values off the head.
   * @param {number} count
   * @param {number} step samples of the reply per value
   * @returns {Float32Array}
   */
  take(count, step) {
    const head = this.#pieces[0];
    const taken = head.values.subarray(0, count);
    if (taken.length === head.values.length) this.#pieces.shift();
    else {
      const sample = head.sample + taken.length * step;
      this.#pieces[0] = { ...head, sample, values: head.values.subarray(taken.length) };
    }
    this.length -= taken.length;
    return taken;
  }

  /**
   * Take out all of one reply; if it was the one playing, its next few values stay as a fade, since
   * a waveform cut off in its middle clicks.
   * @param {number} reply
   * @param {number} fade values
   */
  drop(reply, fade) {
    const head = this.#pieces[0];
    this.#pieces = this.#pieces.filter((piece) => piece.reply !== reply);
    if (head?.reply === reply && fade > 0) {
      const values = head.values.slice(0, fade);
      for (let i = 0; i < values.length; i++) values[i] *= 1 - (i + 1) / values.length;
      this.#pieces.unshift({ ...head, values });
    }
    this.length = this.#pieces.reduce((sum, piece) => sum + piece.values.length, 0);
  }
}
