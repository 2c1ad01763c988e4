/* One call: microphone, speaker and socket, wired together. Decides nothing that state.js, player.js
   or the server decide. All that happens is announced as `voice:*` events on a target (the document),
   which is where the page, the tests and the benches look. */

import { Connection } from "./connection.js";
import { LastVoice, ReplyLatency } from "./latency.js";
import { Microphone } from "./microphone.js";
import { Playback } from "./playback.js";
import { SelfTest } from "./self_test.js";
import { Sound } from "./sound.js";
import { IDLE, next } from "./state.js";
import { Timeline } from "./timeline.js";
import { OUTPUT_HZ } from "./wire.js";

/** @typedef {import("./wire.js").ServerMessage} ServerMessage */
/** @typedef {import("./wire.js").MicFrame} MicFrame */
/** @typedef {import("./playback.js").Progress} Progress */
/** @typedef {{socket: string, capture: string, playback: string}} Addresses */
/**
 * What went wrong here, and what to do.
 * @typedef {{level: "info" | "warning" | "error", code: string, text: string}} Trouble
 */

const FRAME_S = 0.02;
const NO_SOUND = "The sound could not be set up. Reload the page.";
const SOUND_PAUSED = "The system has paused the sound. Press any key or tap the page to go on.";
const PATIENCE_MS = 1_000;
/** Shorter waits for another try are not worth a word. */

export class Call {
  state = IDLE;
  #timeline = new Timeline();
  #lastVoice = new LastVoice();
  #latency = new ReplyLatency();
  /** The reply that has begun and not ended. @type {number | null} */
  #reply = null;
  /** @type {Progress | null} */
  #progress = null;
  /** What the server takes beyond the first version of the protocol. */
  #accepts = /** @type {readonly string[]} */ ([]);
  #retryNow = () => this.#connection.retryNow();
  #lostNow = () => this.#connection.lostNow();
  #sound;
  #playback;
  #microphone;
  #connection;
  #selfTest;

  /**
   * To be made in a click, or the browser keeps the sound off.
   * @param {Addresses} addresses
   * @param {EventTarget} target
   * @param {string} conversation the id to continue, or `new`
   */
  constructor(addresses, target, conversation) {
    this.addresses = addresses;
    this.target = target;
    this.conversation = conversation;
    this.#sound = new Sound(this.#soundListener());
    const { context } = this.#sound;
    this.#playback = new Playback(context, addresses.playback, this.#playbackListener());
    this.#microphone = new Microphone(context, addresses.capture, this.#microphoneListener());
    this.#connection = new Connection(() => this.#address(), this.#connectionListener());
    this.#selfTest = new SelfTest(this.#playback, (report) => this.#tellEcho(report));
  }

  /** Connect, and open the microphone meanwhile if wanted. @param {{microphone: boolean}} options */
  start({ microphone }) {
    this.#change({ type: "started" });
    addEventListener("online", this.#retryNow);
    addEventListener("offline", this.#lostNow);
    this.#connection.open();
    void this.#sound.resume();
    if (microphone) void this.#microphone.open();
  }

  /** Mute, unmute, or open the microphone where there is none. */
  toggleMicrophone() {
    this.#microphone.toggle();
  }

  /** Whether the turn was taken. @param {string} text */
  type(text) {
    if (!this.#connection.type(text)) return false;
    this.#silence();
    if (this.#sound.isRunning) this.#latency.turnEnded(this.#sound.now_s, 0);
    return true;
  }

  /** Stop the reply: here at once, and on the server. */
  stopReply() {
    this.#connection.send({ type: "interrupt" });
    this.#silence();
  }

  hangUp() {
    this.#connection.end();
    this.#end();
  }

  // --- the microphone ----------------------------------------------------------------------------
  /** @returns {import("./microphone.js").MicrophoneListener} */
  #microphoneListener() {
    return {
      onframe: (frame) => this.#heard(frame),
      onopened: (source) => this.#playback.listenTo(source),
      onchange: (state) => {
        const muteChanged = state === "muted" || this.state.microphone === "muted";
        this.#change({ type: "microphone", microphone: state });
        if (muteChanged) this.#sendMute();
      },
      ontrouble: (text) => this.#trouble({ level: "warning", code: "microphone", text }),
    };
  }

  /** @param {MicFrame} frame */
  #heard(frame) {
    const { time_s, level_db } = frame;
    // It is sent before the page draws anything.
    if (this.#microphone.state === "on") {
      this.#connection.hear(frame);
      this.#lastVoice.hear(level_db, time_s + FRAME_S);
    } else this.#connection.catchUp();
    this.#announce("microphone", { time_s, level_db });
  }

  #sendMute() {
    this.#connection.send({ type: "mute", muted: this.#microphone.state === "muted" });
  }

  // --- the speaker -------------------------------------------------------------------------------
  /** @returns {import("./playback.js").PlaybackListener} */
  #playbackListener() {
    return {
      onprogress: (progress) => this.#progressed(progress),
      onaudible: (reply, time_s) => this.#audible(reply, time_s),
      onstopped: (reply, audible_s) => this.#announce("stopped", { reply, audible_s }),
      onlevel: (level_db) => this.#announce("speaker", { level_db }),
      onducked: (reply, ducked, time_s) => this.#announce("ducked", { reply, ducked, time_s }),
      oncompared: (hops) => this.#selfTest.compared(hops, this.#microphone.state === "on"),
      onpath: (path) => this.#announce("path", { path }),
      onfailed: () => this.#trouble({ level: "error", code: "sound", text: NO_SOUND }),
    };
  }

  /** @param {Progress} progress */
  #progressed(progress) {
    this.#progress = progress;
    this.#report(progress, this.#timeline.sampleAt(progress.time_s));
  }

  /** @param {Progress} progress @param {number | null} mic_sample recorded as `heard_sample` was heard */
  #report({ reply, heard_sample, underruns }, mic_sample) {
    const played_ms = Math.ceil((1000 * heard_sample) / OUTPUT_HZ);
    const pair = mic_sample === null ? {} : { mic_sample, reply_sample: heard_sample };
    this.#connection.send({ type: "playback", reply, played_ms, underruns, ...pair });
  }

  /** @param {number} reply @param {number} time_s */
  #audible(reply, time_s) {
    this.#announce("audible", { reply, time_s });
    const heard = this.#latency.audible(reply, time_s, this.#connection.rtt_ms);
    if (heard) this.#connection.send(heard);
  }

  /** @param {import("./self_test.js").EchoReport} report */
  #tellEcho(report) {
    this.#announce("echo", report);
    if (!this.#accepts.includes("echo")) return;
    const { heard, level_db, delay_ms, path } = report;
    this.#connection.send({ type: "echo", heard, level_db, delay_ms, path });
  }

  /** Silence the reply that is playing, or about to. */
  #silence() {
    if (this.#reply !== null) this.#playback.drop(this.#reply);
  }

  /** @returns {ConstructorParameters<typeof Sound>[0]} */
  #soundListener() {
    return {
      onpaused: () => this.#trouble({ level: "warning", code: "sound", text: SOUND_PAUSED }),
      onrunning: () => this.#announce("recovered", { code: "sound" }),
    };
  }

  // --- the socket --------------------------------------------------------------------------------
  #address() {
    const url = new URL(`${this.addresses.socket}${this.conversation}/`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  /** @returns {import("./connection.js").ConnectionListener} */
  #connectionListener() {
    return {
      onmessage: (message) => {
        this.#obey(message);
        this.#announce("message", message);
      },
      onaudio: (audio) => {
        this.#latency.audioArrived(audio.reply, this.#sound.now_s);
        this.#playback.receive(audio);
      },
      onsent: (frame) => this.#sent(frame),
      ondropped: (delay_ms) => this.#dropped(delay_ms),
      onclosed: (code, text) => this.#closed(code, text),
    };
  }

  /** @param {MicFrame} frame */
  #sent({ pcm, time_s }) {
    this.#timeline.add(pcm.byteLength / 2, time_s, this.#sound.now_s);
  }

  /** @param {ServerMessage} message */
  #obey(message) {
    switch (message.type) {
      case "session":
        return this.#opened(message);
      case "state_change":
        return this.#change({ type: "floor", floor: message.state });
      case "vad_status":
        return message.speaking ? undefined : this.#speechEnded(message.sample);
      case "reply_started":
        this.#reply = message.reply;
        this.#selfTest.replyStarted();
        return this.#latency.replyStarted(message.reply, message.source);
      case "reply_ended":
        if (this.#reply === message.reply) this.#reply = null;
        return;
      case "interrupted":
        return this.#playback.drop(message.reply);
      case "duck":
        return this.#playback.duck(message.reply);
      case "unduck":
        return this.#playback.unduck();
      case "pong":
        return this.#playback.expectAfter(this.#connection.rtt_ms);
    }
  }

  /** @param {import("./wire.js").Session} session */
  #opened({ conversation, accepts = [] }) {
    this.conversation = conversation;
    this.#accepts = accepts;
    this.#timeline.restart();
    this.#change({ type: "opened" });
    this.#announce("recovered", { code: "connection" });
    this.#handOver();
    if (this.#microphone.state === "muted") this.#sendMute();
  }

  /**
   * The server goes on from the first word that was not heard, under another number; so this one must
   * not go on here as well. If it still plays, the worklet reports how far it came.
   */
  #handOver() {
    const done = this.#progress?.reply === this.#reply && this.#progress?.stopped;
    if (this.#progress && done) this.#report(this.#progress, null);
    else this.#silence();
  }

  /** @param {number} sample where the server's VAD puts the end of speech */
  #speechEnded(sample) {
    const { latency_s } = this.#microphone;
    const times = this.#timeline.timesOf(sample) ?? this.#lastVoice.times;
    if (times === null) return;
    const { time_s, sent_s } = times;
    this.#latency.turnEnded(time_s - latency_s, 1000 * (sent_s - time_s + latency_s));
  }

  /** @param {number} delay_ms until the next try */
  #dropped(delay_ms) {
    this.#change({ type: "dropped" });
    if (delay_ms < PATIENCE_MS) return;
    const text = `The server can't be reached. Trying again in ${Math.round(delay_ms / 1000)} s.`;
    this.#trouble({ level: "warning", code: "connection", text });
  }

  /** @param {number} code @param {string} text */
  #closed(code, text) {
    this.#trouble({ level: code === 1000 ? "info" : "error", code: String(code), text });
    this.#end();
  }

  // --- the call itself ---------------------------------------------------------------------------
  #end() {
    removeEventListener("online", this.#retryNow);
    removeEventListener("offline", this.#lostNow);
    this.#microphone.close();
    this.#selfTest.close();
    this.#playback.close();
    void this.#sound.close();
    this.#change({ type: "ended" });
  }

  /** @param {import("./state.js").CallEvent} event */
  #change(event) {
    this.state = next(this.state, event);
    if (this.state.link === "open" && this.state.microphone === "on") this.#selfTest.begin();
    this.#announce("state", this.state);
  }

  /** @param {Trouble} trouble */
  #trouble(trouble) {
    this.#announce("trouble", trouble);
  }

  /** @param {string} name @param {object} detail */
  #announce(name, detail) {
    this.target.dispatchEvent(new CustomEvent(`voice:${name}`, { detail }));
  }
}
