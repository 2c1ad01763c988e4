"""A room around the page: what it plays comes back through its microphone, and somebody can speak.

Made of Web Audio, in the page's own AudioContext, so that it is known to the sample when somebody
began to speak. What plays through an <audio> element does not come back: as where the browser's
echo canceller sees it."""

import json

from playwright.sync_api import Page

ROOM = """(({ echo_db, late_s }) => {
  const { connect, disconnect } = AudioNode.prototype;
  const rooms = new WeakMap();
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      const microphone = this.createMediaStreamDestination();
      const late = new DelayNode(this, { delayTime: late_s, maxDelayTime: 1 });
      const echo = new GainNode(this, { gain: echo_db === null ? 0 : 10 ** (echo_db / 20) });
      connect.call(connect.call(late, echo), microphone);
      rooms.set(this.destination, { late, microphone });
      window.sound = this;
    }
  };
  AudioNode.prototype.connect = function (to, ...more) {
    const room = rooms.get(to);
    if (room) connect.call(this, room.late);
    return connect.call(this, to, ...more);
  };
  AudioNode.prototype.disconnect = function (to, ...more) {
    const room = rooms.get(to);
    if (room) disconnect.call(this, room.late);
    return to ? disconnect.call(this, to, ...more) : disconnect.call(this);
  };
  const here = () => rooms.get(window.sound.destination).microphone;
  navigator.mediaDevices.getUserMedia = async () => here().stream.clone();
  const Real = window.Audio;
  window.Audio = function () {
    return (window.element = new Real());
  };
  window.speak = (seconds, amplitude) => {
    const { sampleRate } = window.sound;
    const buffer = new AudioBuffer({ sampleRate, length: seconds * sampleRate });
    const samples = buffer.getChannelData(0);
    for (let n = 0; n < samples.length; n++) {
      const t = n / sampleRate;
      const syllable = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * t);
      for (const hz of [140, 420, 840, 1960]) samples[n] += Math.sin(2 * Math.PI * hz * t) / 4;
      samples[n] *= amplitude * syllable;
    }
    const voice = new AudioBufferSourceNode(window.sound, { buffer });
    connect.call(voice, here());
    const at_s = window.sound.currentTime + 0.05;
    voice.start(at_s);
    return at_s;
  };
})"""


LOOP_LEVEL = """() => {
  window.ear ??= (() => {
    const analyser = new AnalyserNode(window.sound, { fftSize: 1024 });
    const source = window.sound.createMediaStreamSource(element.srcObject);
    source.connect(analyser);
    return analyser;
  })();
  const samples = new Float32Array(window.ear.fftSize);
  window.ear.getFloatTimeDomainData(samples);
  return 10 * Math.log10(samples.reduce((sum, value) => sum + value ** 2, 1e-12) / samples.length);
}"""


class Room:
    def __init__(self, page: Page, *, echo_db: float | None = None, late_s: float = 0.08) -> None:
        """echo_db: how much softer than played it comes back; None for headphones."""
        self.page = page
        page.add_init_script(f"{ROOM}({json.dumps({'echo_db': echo_db, 'late_s': late_s})})")

    def speak(self, seconds: float, *, amplitude: float = 0.2) -> float:
        """Something like a voice for so long; when it begins, in seconds of the AudioContext."""
        return float(self.page.evaluate(f"speak({seconds}, {amplitude})"))

    @property
    def volume(self) -> float:
        """Of what plays behind the loop."""
        return float(self.page.evaluate("element.volume"))

    def loop_level_db(self) -> float:
        """Of what comes out of the loop, over the last 20 ms."""
        return float(self.page.evaluate(LOOP_LEVEL))
