/* A gain on its way, in a straight line: a jump would click. Pure. */

const DOWN_S = 0.005;
const UP_S = 0.06;
/** From silence to full level or back: down as fast as does not click, up so that it does not startle. */

export class Ramp {
  value = 1;

  /** @param {number} device_hz */
  constructor(device_hz) {
    this.down = 1 / (DOWN_S * device_hz);
    this.up = 1 / (UP_S * device_hz);
  }

  /** One sample further. @param {number} target */
  toward(target) {
    const wanted = target - this.value;
    this.value += Math.max(-this.down, Math.min(this.up, wanted));
    return this.value;
  }
}
