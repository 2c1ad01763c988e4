/* The messages of the voice WebSocket (docs/protocol.md) as types, and the layout of reply audio.
   Fields are spelled as on the wire. No socket here. */

/** @typedef {"idle" | "listening" | "thinking" | "speaking"} Floor */
/** @typedef {Record<"stt" | "llm" | "tts" | "search", string[]>} Chain */

/** @typedef {{title: string, url: string}} Source */

/**
 * @typedef {{type: "session", conversation: string, session: string, agent: string, resumed: boolean,
 *   input_hz: number, output_hz: number, providers: Chain, accepts?: string[]}} Session
 * @typedef {{type: "state_change", state: Floor}} StateChange
 * @typedef {{type: "vad_status", speaking: boolean, probability: number, sample: number}} VadStatus
 * @typedef {{type: "transcript_update", turn: number, reply?: number, role: "user" | "assistant",
 *   text: string, is_final: boolean}} TranscriptUpdate
 * @typedef {{type: "reply_started", reply: number, turn: number, source: string, resumes?: number}} ReplyStarted
 * @typedef {{type: "reply_ended", reply: number, turn: number, interrupted: boolean,
 *   heard_text: string, sources?: Source[]}} ReplyEnded
 * @typedef {{type: "interrupted" | "duck" | "unduck", reply: number}} ReplySignal
 * @typedef {{type: "turn_metrics", turn: number, reply: number, final: boolean, total_ms: number,
 *   cache_hit: boolean, providers: Record<string, string>} & Record<string, unknown>} TurnMetrics
 * @typedef {{type: "notice", level: "info" | "warning" | "error", code: string, text: string}} Notice
 * @typedef {{type: "error", code: string | number, message: string, retryable: boolean,
 *   retry_after_s?: number}} WireError
 * @typedef {{type: "audio_metrics", snr_db: number, peak_dbfs: number, rms_dbfs: number,
 *   clipping: number, quality: number}} AudioMetrics
 * @typedef {{type: "pong", t: number}} Pong
 * @typedef {{type: "taken", id: string}} Taken
 * @typedef {Session | StateChange | VadStatus | TranscriptUpdate | ReplyStarted | ReplyEnded | ReplySignal
 *   | TurnMetrics | AudioMetrics | Notice | WireError | Pong | Taken} ServerMessage
 */

/**
 * @typedef {{type: "playback", reply: number, played_ms: number, underruns: number,
 *   mic_sample?: number, reply_sample?: number}} PlaybackReport
 * @typedef {{type: "heard", reply: number, capture_ms: number, network_ms: number, play_ms: number,
 *   total_ms: number}} Heard
 * @typedef {{type: "echo", heard: boolean, level_db: number, delay_ms: number,
 *   path: "direct" | "loop"}} EchoMeasured
 * @typedef {{type: "text", text: string, id?: string}} TypedTurn
 * @typedef {{type: "mute", muted: boolean}} Mute
 * @typedef {{type: "backlog", ms: number}} BacklogStart
 * @typedef {{type: "ping", t: number}} Ping
 * @typedef {{type: "commit" | "interrupt" | "live" | "end"}} Signal
 * @typedef {PlaybackReport | Heard | EchoMeasured | TypedTurn | Mute | BacklogStart | Ping | Signal} ClientMessage
 */

/**
 * 20 ms of the microphone. `time_s` is that of its first sample, on the clock of the AudioContext.
 * @typedef {{pcm: ArrayBuffer, time_s: number, level_db: number}} MicFrame
 * @typedef {{reply: number, sample: number, pcm: Int16Array<ArrayBuffer>}} ReplyAudio
 */

export const INPUT_HZ = 16_000;
export const OUTPUT_HZ = 24_000;
const HEADER_BYTES = 8;

/**
 * The reply audio in a binary frame; `pcm` is a copy that may be transferred.
 * Throws RangeError on a frame that is shorter than its header or holds half a sample.
 * @param {ArrayBuffer} frame
 * @returns {ReplyAudio}
 */
export function decodeAudio(frame) {
  if (frame.byteLength < HEADER_BYTES || frame.byteLength % 2) {
    throw new RangeError(`A reply frame of ${frame.byteLength} bytes is not a header and samples.`);
  }
  const header = new DataView(frame);
  const pcm = new Int16Array((frame.byteLength - HEADER_BYTES) / 2);
  // Read by DataView: a typed array over the frame would take the byte order of the machine.
  for (let i = 0; i < pcm.length; i++) pcm[i] = header.getInt16(HEADER_BYTES + 2 * i, true);
  return { reply: header.getUint32(0, true), sample: header.getUint32(4, true), pcm };
}
