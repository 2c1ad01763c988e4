/* The WebSocket of a call: opens it, keeps it alive, comes back after a drop, and sends what the
   microphone heard meanwhile. Ready means that `session` has come; until then nothing is sent. */

import { afterClose } from "./backoff.js";
import { Backlog } from "./backlog.js";
import { Typed } from "./typed.js";
import { decodeAudio } from "./wire.js";

/** @typedef {import("./wire.js").ClientMessage} ClientMessage */
/** @typedef {import("./wire.js").MicFrame} MicFrame */
/**
 * @typedef {object} ConnectionListener
 * @property {(message: import("./wire.js").ServerMessage) => void} onmessage
 * @property {(audio: import("./wire.js").ReplyAudio) => void} onaudio
 * @property {(frame: MicFrame) => void} onsent a frame left for the server
 * @property {(delay_ms: number) => void} ondropped and will be tried again
 * @property {(code: number, text: string) => void} onclosed for good
 */

const READY_MS = 10_000;
const PING_MS = 3_000;
const UNANSWERED_MOST = 3;
/** Pings without a word from the server: after some 9 s the socket counts as dead. */
const RTTS = 5;
const LOST = 1006;

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #ready = false;
  #behind = false;
  #attempt = 0;
  #unanswered = 0;
  /** @type {number | undefined} */
  #retryAfter_s;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #pinging;
  #typed = new Typed();
  #backlog = new Backlog();
  #ended = false;
  /** @type {number[]} */
  #rtts_ms = [];

  /**
   * @param {() => string} address where to connect; asked anew each time
   * @param {ConnectionListener} listener
   */
  constructor(address, listener) {
    this.address = address;
    this.listener = listener;
  }

  /** A round trip in milliseconds: the shortest of the last ones, since a page may be busy. */
  get rtt_ms() {
    return this.#rtts_ms.length ? Math.min(...this.#rtts_ms.slice(-RTTS)) : 0;
  }

  open() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.address());
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#lost(event.code);
    this.#socket = socket;
    this.#retryAfter_s = undefined;
    this.#timer = setTimeout(() => this.#lost(LOST), READY_MS);
  }

  /** Don't wait any longer: the network is back. */
  retryNow() {
    if (!this.#socket && !this.#ended) this.open();
  }

  /** The network is gone: what is typed from now on waits, where the socket would swallow it. */
  lostNow() {
    if (this.#socket && !this.#ended) this.#lost(LOST);
  }

  /** Send the message, if there is a connection now. @param {ClientMessage} message */
  send(message) {
    if (this.#ready) this.#socket?.send(JSON.stringify(message));
  }

  /** Whether the turn was sent, or will be. @param {string} text */
  type(text) {
    const typed = this.#typed.add(text);
    if (typed) this.send(typed);
    return typed !== null;
  }

  /** Take a frame of the microphone, to be sent now or when it can be. @param {MicFrame} frame */
  hear(frame) {
    if (this.#ready && !this.#behind) return this.#sendFrame(frame);
    this.#backlog.push(frame);
    this.catchUp();
  }

  /** Send a piece of the backlog. Called for each frame of the microphone, a muted one too. */
  catchUp() {
    if (!this.#ready || !this.#behind) return;
    for (const frame of this.#backlog.take()) this.#sendFrame(frame);
    if (this.#backlog.ms > 0) return;
    this.#behind = false;
    this.send({ type: "live" });
  }

  /** Hang up. The server answers with a close; where it doesn't, the socket is closed anyway. */
  end() {
    this.#ended = true;
    this.send({ type: "end" });
    this.#leave();
  }

  /** @param {MicFrame} frame */
  #sendFrame(frame) {
    this.#socket?.send(frame.pcm);
    this.listener.onsent(frame);
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    this.#unanswered = 0;
    if (typeof data !== "string") return this.listener.onaudio(decodeAudio(data));
    const message = /** @type {import("./wire.js").ServerMessage} */ (JSON.parse(data));
    if (message.type === "pong") this.#rtts_ms.push(performance.now() - message.t);
    if (message.type === "taken") this.#typed.taken(message.id);
    if (message.type === "error") this.#retryAfter_s = message.retry_after_s;
    if (message.type === "session") this.#opened();
    this.listener.onmessage(message);
    if (message.type === "session") this.#sendWaiting();
  }

  #opened() {
    clearTimeout(this.#timer);
    this.#ready = true;
    this.#attempt = 0;
    this.#ping();
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
  }

  #sendWaiting() {
    for (const typed of this.#typed.waiting) this.send(typed);
    if (this.#backlog.ms === 0) return;
    this.#behind = true;
    this.send({ type: "backlog", ms: this.#backlog.ms });
  }

  #ping() {
    // Counted, not timed: in a hidden page timers run late, and so would the answer's deadline.
    if (this.#unanswered++ >= UNANSWERED_MOST) return this.#lost(LOST);
    this.send({ type: "ping", t: performance.now() });
  }

  /** @param {number} code */
  #lost(code) {
    this.#leave();
    const then = afterClose(code, {
      attempt: this.#attempt++,
      random: Math.random,
      retryAfter_s: this.#retryAfter_s,
    });
    if (then.action !== "reconnect") {
      this.#ended = true;
      return this.listener.onclosed(code, then.text);
    }
    this.#timer = setTimeout(() => this.open(), then.delay_ms);
    this.listener.ondropped(then.delay_ms);
  }

  #leave() {
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    this.#ready = this.#behind = false;
    this.#unanswered = 0;
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }
}
