/* The microphone's AudioWorklet: a shell around Framer. Frames are transferred, not copied. */

import { Framer } from "./framer.js";

class CaptureProcessor extends AudioWorkletProcessor {
  framer = new Framer(sampleRate);
  stopped = false;

  constructor() {
    super();
    this.port.onmessage = () => (this.stopped = true);
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const block = inputs[0]?.[0];
    if (block) {
      for (const frame of this.framer.push(block, currentFrame / sampleRate)) {
        this.port.postMessage(frame, [frame.pcm]);
      }
    }
    return !this.stopped;
  }
}

registerProcessor("capture", CaptureProcessor);
