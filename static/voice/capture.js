/* The microphone: asks for it, and gives 20 ms frames from its worklet. A thin shell; resampling and
   framing live in worklets/framer.js. */

/** @typedef {import("./wire.js").MicFrame} MicFrame */
/**
 * @typedef {object} CaptureListener
 * @property {(frame: MicFrame) => void} onframe
 * @property {() => void} onlost the device went away, or permission was taken back
 */

/** @type {MediaTrackConstraints} */
const CONSTRAINTS = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** @type {Record<string, string>} */
const TROUBLES = {
  NotAllowedError:
    "This page may not use the microphone. Allow it in the address bar, then press “Use microphone”.",
  NotFoundError: "No microphone was found. Plug one in, then press “Use microphone”.",
  NotReadableError:
    "Another program holds the microphone. Close it, then press “Use microphone”.",
  InsecureContextError:
    "Browsers give the microphone only to https pages and to localhost. Open this page that way.",
};

/** What to tell a person whose microphone did not open. @param {unknown} error */
export function microphoneTrouble(error) {
  const name = error instanceof Error ? error.name : "";
  const trouble = TROUBLES[name] ?? `The microphone did not open (${name || error}).`;
  return `${trouble} Typing works without it.`;
}

/**
 * Raises the DOMException of getUserMedia, or one named InsecureContextError.
 * @returns {Promise<MediaStream>}
 */
export async function askForMicrophone() {
  if (!navigator.mediaDevices) throw new DOMException("No mediaDevices here", "InsecureContextError");
  return navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS });
}

export class Capture {
  /** @param {MediaStream} stream @param {MediaStreamAudioSourceNode} source @param {AudioWorkletNode} node */
  constructor(stream, source, node) {
    this.track = stream.getAudioTracks()[0];
    this.source = source;
    this.node = node;
  }

  /**
   * @param {AudioContext} context into which the worklet has been loaded
   * @param {MediaStream} stream
   * @param {CaptureListener} listener
   */
  static open(context, stream, listener) {
    const node = new AudioWorkletNode(context, "capture", {
      channelCount: 1,
      channelCountMode: "explicit",
    });
    node.port.onmessage = (event) => listener.onframe(event.data);
    const source = context.createMediaStreamSource(stream);
    // Its output is silence; without a way to the destination some browsers never run the node.
    source.connect(node).connect(context.destination);
    const capture = new Capture(stream, source, node);
    capture.track.addEventListener("ended", () => listener.onlost());
    return capture;
  }

  /** From the air to the context's clock, in seconds, where the browser tells. */
  get latency_s() {
    const settings = /** @type {{latency?: number}} */ (this.track.getSettings());
    return settings.latency ?? 0;
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.track.enabled = !muted;
  }

  close() {
    this.node.port.postMessage("close");
    this.node.port.onmessage = null;
    this.source.disconnect();
    this.node.disconnect();
    this.track.stop();
  }
}
