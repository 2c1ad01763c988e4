/* The speaker's AudioWorklet: a shell around Speaker. Its input is the microphone. */

import { Speaker } from "./speaker.js";

/**
 * `outside`: whether something behind this worklet makes a ducked reply soft. `after_s`: a round trip.
 * @typedef {{type: "audio", reply: number, sample: number, pcm: Int16Array}
 *   | {type: "drop" | "duck", reply: number} | {type: "compare", wanted: boolean}
 *   | {type: "gain", outside: boolean} | {type: "expect", after_s: number}
 *   | {type: "unduck" | "chime" | "close"}} PlaybackCommand
 */

class PlaybackProcessor extends AudioWorkletProcessor {
  speaker = new Speaker(sampleRate);
  closed = false;

  constructor() {
    super();
    this.port.onmessage = (event) => this.obey(event.data);
  }

  /** @param {PlaybackCommand} command */
  obey(command) {
    const { player } = this.speaker;
    switch (command.type) {
      case "audio":
        return player.receive(command);
      case "drop":
        return player.drop(command.reply);
      case "duck":
        return player.ducking.confirm(command.reply);
      case "unduck":
        return this.speaker.unduck();
      case "gain":
        return player.leaveGain(command.outside);
      case "expect":
        return player.ducking.expectAfter(command.after_s);
      case "compare":
        return this.speaker.compare(command.wanted);
      case "chime":
        return this.speaker.chime();
      case "close":
        this.closed = true;
    }
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs */
  process(inputs, outputs) {
    const events = this.speaker.render(outputs[0][0], inputs[0]?.[0], currentFrame);
    for (const event of events) this.port.postMessage(event);
    return !this.closed;
  }
}

registerProcessor("playback", PlaybackProcessor);
