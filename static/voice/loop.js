/* A way for sound through an RTCPeerConnection from this page to itself. Chromium's echo canceller knows
   what comes out of such a connection, and may not know what comes out of an AudioContext. */

export const LOOP_S = 0.08;
/** What it delays: 70 to 81 ms measured in Chromium. */
const CONNECT_MS = 2_000;
const BITRATE = 128_000;
/** So that Opus does no harm to a voice. */

export class Loop {
  #from = new RTCPeerConnection();
  #to = new RTCPeerConnection();
  #over = new AbortController();
  /** What went in, later. @type {MediaStream | null} */
  output = null;

  /** @param {() => void} onlost it has worked and does no longer */
  constructor(onlost) {
    this.#to.addEventListener("connectionstatechange", () => {
      if (this.output && this.#to.connectionState !== "connected") onlost();
    }, { signal: this.#over.signal });
  }

  /**
   * Raises where sound does not arrive within two seconds.
   * @param {MediaStream} stream
   */
  async connect(stream) {
    this.#exchange(this.#from, this.#to);
    this.#exchange(this.#to, this.#from);
    const sender = this.#from.addTrack(stream.getAudioTracks()[0], stream);
    const [track] = await Promise.all([this.#arrived(), this.#shakeHands()]);
    await limitBitrate(sender);
    this.output = new MediaStream([track]);
  }

  close() {
    this.#over.abort();
    this.#from.close();
    this.#to.close();
  }

  /** The track at the far end, once sound comes out of it: connected alone may still mean silence. */
  #arrived() {
    return new Promise((/** @type {(track: MediaStreamTrack) => void} */ resolve, reject) => {
      const late = setTimeout(() => reject(new Error("No sound came through the loop.")), CONNECT_MS);
      this.#over.signal.addEventListener("abort", () => reject(new Error("The call is over.")));
      this.#to.addEventListener("track", ({ track }) => {
        track.addEventListener("unmute", () => {
          clearTimeout(late);
          resolve(track);
        });
      });
    });
  }

  /** @param {RTCPeerConnection} one @param {RTCPeerConnection} other */
  #exchange(one, other) {
    one.addEventListener("icecandidate", ({ candidate }) => {
      // One that can't be used is no loss: without any, no sound arrives in time.
      if (candidate) other.addIceCandidate(candidate).catch(() => undefined);
    }, { signal: this.#over.signal });
  }

  async #shakeHands() {
    await this.#from.setLocalDescription();
    await this.#to.setRemoteDescription(described(this.#from));
    await this.#to.setLocalDescription();
    await this.#from.setRemoteDescription(described(this.#to));
  }
}

/** @param {RTCPeerConnection} connection */
function described(connection) {
  return /** @type {RTCSessionDescription} */ (connection.localDescription);
}

/** @param {RTCRtpSender} sender */
async function limitBitrate(sender) {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = BITRATE;
  await sender.setParameters(parameters);
}
