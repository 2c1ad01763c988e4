"""What really came out of a page and went into it: microphone and speaker, sample by sample on one
clock, and the reply audio as the socket brought it.

Taken by a script in the page, not from what the page says about itself: the tap stands where the
page connects to the AudioContext's destination and where it takes the microphone from.
"""

import base64
import struct
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

REPLY_HZ = 24_000
HEADER = struct.Struct("<II")
RECORDING_HZ = 16_000
COARSE_HZ = 4_000
NEAR_S = 0.2
BLOCK = 128
WINDOW_S = 0.005
AUDIBLE = 0.001
"""−60 dBFS."""
SOUNDING = 0.005
"""RMS of a window of a reply, −46 dBFS: below it, nothing tells how loud it would have been."""
ALIGNED_S = 0.03
"""How far the page's word for when a reply began is trusted."""

TAP = """(() => {
  const WORKLET = `registerProcessor("tap", class extends AudioWorkletProcessor {
    process([microphone, speaker]) {
      const both = new Float32Array(256);
      if (microphone[0]) both.set(microphone[0]);
      if (speaker[0]) both.set(speaker[0], 128);
      this.port.postMessage([currentFrame, both], [both.buffer]);
      return true;
    }
  })`;
  const { connect } = AudioNode.prototype;
  const taps = new WeakMap();
  window.tapped = { blocks: [], frames: [], keys: [], arrivals: [], offsets: [],
    capture_s: 0 };
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      window.sound = this;
      const entrances = [new GainNode(this), new GainNode(this)];
      taps.set(this, entrances);
      const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
      this.audioWorklet.addModule(url).then(() => {
        const tap = new AudioWorkletNode(this, "tap", { numberOfInputs: 2, channelCount: 1,
          channelCountMode: "explicit" });
        tap.port.onmessage = ({ data }) => {
          tapped.blocks.push(data);
          tapped.offsets.push(this.currentTime - performance.now() / 1000);
        };
        entrances.forEach((entrance, input) => connect.call(entrance, tap, 0, input));
        connect.call(tap, this.destination);
      });
    }
    createMediaStreamSource(stream) {
      tapped.capture_s = stream.getAudioTracks()[0].getSettings().latency ?? 0;
      const source = super.createMediaStreamSource(stream);
      connect.call(source, taps.get(this)[0]);
      return source;
    }
  };
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) connect.call(this, taps.get(this.context)[1]);
    return connect.call(this, to, ...more);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => {
        if (typeof data === "string") return;
        tapped.frames.push(new Uint8Array(data.slice(0)));
        tapped.arrivals.push(performance.now());
      });
    }
  };
  addEventListener("keydown", ({ key, timeStamp }) => tapped.keys.push([key, timeStamp]), true);
  const text = (bytes) => {
    let whole = "";
    for (let at = 0; at < bytes.length; at += 32768)
      whole += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(whole);
  };
  window.untap = () => {
    const { blocks, frames, keys, arrivals, offsets, capture_s } = tapped;
    const samples = new Int16Array(blocks.length * 256);
    blocks.forEach(([, both], n) => samples.set(both.map((value) => value * 32767), n * 256));
    return { rate_hz: sound.sampleRate, latency_s: sound.outputLatency, capture_s,
      blocks: blocks.map(([frame]) => frame), frames: frames.map(text), keys, arrivals,
      offset_s: offsets.sort((a, b) => a - b)[offsets.length >> 1],
      samples: text(new Uint8Array(samples.buffer)) };
  };
})()"""

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Tapped:
    """All times are in seconds of the AudioContext; sound is at the ear `latency_s` later."""

    rate_hz: float
    latency_s: float
    """From the context to the ear, as the browser says."""
    capture_s: float
    """From the air to the context, as the browser says."""
    offset_s: float
    """Of the AudioContext's clock from that of the page's events."""
    start_s: float
    microphone: Samples
    speaker: Samples
    replies: dict[int, Samples]
    arrived_s: dict[int, float]
    """When the first audio of a reply came out of the socket."""
    keys_s: list[tuple[str, float]]

    @classmethod
    def install(cls, page: Page) -> None:
        """Before the page is loaded; its context has to bypass the content security policy."""
        page.add_init_script(TAP)

    @classmethod
    def collect(cls, page: Page) -> "Tapped":
        got: dict[str, Any] = page.evaluate("untap()")
        both = _placed(base64.b64decode(got["samples"]), got["blocks"])
        frames = [base64.b64decode(frame) for frame in got["frames"]]
        arrived_s: dict[int, float] = {}
        for frame, at_ms in zip(frames, got["arrivals"], strict=True):
            arrived_s.setdefault(HEADER.unpack_from(frame)[0], got["offset_s"] + at_ms / 1000)
        return cls(
            got["rate_hz"],
            got["latency_s"],
            got["capture_s"],
            got["offset_s"],
            got["blocks"][0] / got["rate_hz"],
            both[:, 0].ravel(),
            both[:, 1].ravel(),
            _joined(frames, got["rate_hz"]),
            arrived_s,
            [(key, got["offset_s"] + at_ms / 1000) for key, at_ms in got["keys"]],
        )

    def at_s(self, at_ms: float) -> float:
        """The time of a moment that the page gave in milliseconds."""
        return self.offset_s + at_ms / 1000

    def lead_s(self, reply: int) -> float:
        """Of silence, at a reply's beginning."""
        return float(np.flatnonzero(np.abs(self.replies[reply]) > AUDIBLE)[0]) / self.rate_hz

    def place_s(self, pcm: bytes, near_s: float) -> float:
        """Where in the microphone's sound a recording at 16 kHz begins."""
        wanted = np.interp(
            np.arange(0, len(pcm) // 2, RECORDING_HZ / COARSE_HZ),
            np.arange(len(pcm) // 2),
            np.frombuffer(pcm, "<i2") / 32768,
        )
        heard = self.between(
            self.microphone, near_s - NEAR_S, near_s + len(wanted) / COARSE_HZ + NEAR_S
        )
        at = np.arange(0, len(heard), self.rate_hz / COARSE_HZ)
        match = np.correlate(np.interp(at, np.arange(len(heard)), heard), wanted, "valid")
        return near_s - NEAR_S + float(np.argmax(match)) / COARSE_HZ

    def between(self, channel: Samples, from_s: float, to_s: float) -> Samples:
        first, last = (
            max(0, round((at_s - self.start_s) * self.rate_hz)) for at_s in (from_s, to_s)
        )
        return channel[first:last]

    def gains(
        self, reply: int, began_s: float, from_s: float, to_s: float
    ) -> list[tuple[float, float]]:
        """How loud a reply was played, against how it was sent: pairs of time at the ear and gain.
        Windows in which the reply itself pauses are left out. began_s: its first audible sample."""
        sent = self.replies[reply]
        began = int(np.flatnonzero(np.abs(sent) > AUDIBLE)[0])
        shift_s = self._shift_s(sent, began, began_s, from_s)
        window = round(WINDOW_S * self.rate_hz)
        gains = []
        for at_s in np.arange(from_s, to_s, WINDOW_S):
            first = began + round((at_s - began_s) * self.rate_hz)
            wanted = sent[max(0, first) : first + window]
            heard = self.between(self.speaker, at_s + shift_s, at_s + shift_s + 2 * WINDOW_S)[
                :window
            ]
            if len(wanted) < window or len(heard) < window or _rms(wanted) < SOUNDING:
                continue
            gain = float(np.sqrt(np.dot(heard, heard) / np.dot(wanted, wanted)))
            gains.append((at_s + shift_s + self.latency_s, gain))
        return gains

    def _shift_s(self, sent: Samples, began: int, began_s: float, until_s: float) -> float:
        """How much later than its beginning tells this reply plays, by the half second before."""
        length = round(min(0.5, until_s - began_s) * self.rate_hz)
        last = began + round((until_s - began_s) * self.rate_hz)
        wanted = sent[max(0, last - length) : last]
        margin = round(ALIGNED_S * self.rate_hz)
        start_s = until_s - len(wanted) / self.rate_hz - ALIGNED_S
        heard = self.between(self.speaker, start_s, until_s + ALIGNED_S)
        if len(heard) < len(wanted):
            return 0.0
        match = np.correlate(heard, wanted, "valid")
        return float(int(np.argmax(match)) - margin) / self.rate_hz


def _placed(samples: bytes, frames: list[int]) -> Samples:
    """Blocks of both channels where they belong: what the browser left out is silence."""
    blocks = np.frombuffer(samples, "<i2").reshape(-1, 2, BLOCK) / 32768
    places = (np.array(frames) - frames[0]) // BLOCK
    both = np.zeros((places[-1] + 1, 2, BLOCK))
    both[places] = blocks
    return both


def _joined(frames: list[bytes], rate_hz: float) -> dict[int, Samples]:
    parts: dict[int, list[bytes]] = defaultdict(list)
    for frame in frames:
        parts[HEADER.unpack_from(frame)[0]].append(frame[HEADER.size :])
    return {reply: _resampled(b"".join(pcm), rate_hz) for reply, pcm in parts.items()}


def _resampled(pcm: bytes, rate_hz: float) -> Samples:
    values = np.frombuffer(pcm, "<i2") / 32768
    at = np.arange(0, len(values), REPLY_HZ / rate_hz)
    return np.interp(at, np.arange(len(values)), values)


def _rms(values: Samples) -> float:
    return float(np.sqrt(np.mean(values**2)))
