/* The speaker's AudioWorklet: a shell around Player. */

import { Player } from "./player.js";

/**
 * @typedef {{type: "audio", reply: number, sample: number, pcm: Int16Array}
 *   | {type: "drop" | "duck", reply: number} | {type: "unduck"} | {type: "close"}} PlaybackCommand
 */

class PlaybackProcessor extends AudioWorkletProcessor {
  player = new Player(sampleRate);
  closed = false;

  constructor() {
    super();
    this.port.onmessage = (event) => this.obey(event.data);
  }

  /** @param {PlaybackCommand} command */
  obey(command) {
    if (command.type === "audio") this.player.receive(command);
    else if (command.type === "drop") this.player.drop(command.reply);
    else if (command.type === "duck") this.player.duck(command.reply);
    else if (command.type === "unduck") this.player.unduck();
    else this.closed = true;
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs */
  process(inputs, outputs) {
    for (const event of this.player.render(outputs[0][0], currentFrame)) this.port.postMessage(event);
    return !this.closed;
  }
}

registerProcessor("playback", PlaybackProcessor);
