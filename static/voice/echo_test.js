/* Is what we play in the microphone? Pure: levels of both, 10 ms at a time, go in; a verdict comes out.
   Levels that rise and fall together, in every band and late by the same time, are our own sound. The
   voice of a user who talks meanwhile rises and falls at other times. */

/** @typedef {import("./worklets/speaker.js").Hop} Hop */
/**
 * `level_db` is that of the echo, compared with what was played.
 * @typedef {{heard: boolean, correlation: number, level_db: number, delay_ms: number}} Verdict
 */

const HOP_MS = 10;
const WINDOW = 100;
const STEP = 45;
const LATEST = 35;
/** Bluetooth may take 300 ms. */
const SETTLING = 30;
/** Of sound: an echo canceller needs that long before it cancels. */
const PLAYED_DB = -60;
const ROOM_DB = -75;
const SOUNDING = 40;
/** Hops of a window that have to hold sound. */
const CORRELATED = 0.65;
const CLEAR_DB = -35;
/** What is softer than that starts no VAD; a working canceller leaves less. */
const SAME_DELAY = 2;
const HITS = 2;
const MISSES = 6;
const MOST = 30;
/** Windows: one hit may be chance; one in which the microphone is loud with something else says nothing. */

export class EchoTest {
  /** @type {Hop[]} */
  #hops = [];
  #settled = 0;
  #misses = 0;
  #judged = 0;
  /** @type {Verdict[]} */
  #hits = [];

  /**
   * @param {Hop[]} hops one after another
   * @returns {Verdict | null} null: go on
   */
  add(hops) {
    for (const hop of hops) {
      if (this.#settled < SETTLING) this.#settled += isSounding(hop) ? 1 : 0;
      else this.#hops.push(hop);
    }
    while (this.#hops.length >= WINDOW + LATEST) {
      const verdict = this.#judge(this.#hops);
      this.#hops.splice(0, STEP);
      if (verdict) return verdict;
    }
    return null;
  }

  /** There was a gap, or the microphone was muted. */
  interrupted() {
    this.#hops = [];
  }

  /** @param {Hop[]} hops */
  #judge(hops) {
    if (hops.slice(0, WINDOW).filter(isSounding).length < SOUNDING) return null;
    const found = likeliest(hops);
    this.#judged += 1;
    if (!found.heard) {
      if (found.level_db < CLEAR_DB) this.#misses += 1;
      return this.#misses >= MISSES || this.#judged >= MOST ? found : null;
    }
    const agree = this.#hits.filter(({ delay_ms }) => near(delay_ms, found.delay_ms));
    this.#hits.push(found);
    return agree.length + 1 >= HITS ? found : null;
  }
}

/** The delay at which both are most alike. @param {Hop[]} hops @returns {Verdict} */
function likeliest(hops) {
  const played = hops.slice(0, WINDOW).map((hop) => hop.played);
  const scores = Array.from({ length: LATEST }, (_, late) => {
    return alike(played, hops.slice(late, late + WINDOW).map((hop) => hop.mic));
  });
  const correlation = Math.max(...scores);
  const late = scores.indexOf(correlation);
  const level_db = loudness(hops.slice(late, late + WINDOW).map((hop) => hop.mic)) - loudness(played);
  const heard = correlation >= CORRELATED && level_db >= CLEAR_DB;
  return { heard, correlation, level_db, delay_ms: late * HOP_MS };
}

/** The mean correlation over the bands. @param {number[][]} played @param {number[][]} mic */
function alike(played, mic) {
  const bands = played[0].map((_, band) =>
    correlation(
      played.map((levels) => Math.max(PLAYED_DB, levels[band])),
      mic.map((levels) => Math.max(ROOM_DB, levels[band])),
    ),
  );
  return mean(bands);
}

/** Pearson's. 0 where one of both never changes. @param {number[]} a @param {number[]} b */
function correlation(a, b) {
  const [mean_a, mean_b] = [mean(a), mean(b)];
  let [both, only_a, only_b] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    both += (a[n] - mean_a) * (b[n] - mean_b);
    only_a += (a[n] - mean_a) ** 2;
    only_b += (b[n] - mean_b) ** 2;
  }
  return only_a && only_b ? both / Math.sqrt(only_a * only_b) : 0;
}

/** @param {number[][]} hops */
function loudness(hops) {
  const powers = hops.map((levels) => levels.reduce((sum, level_db) => sum + 10 ** (level_db / 10), 0));
  return 10 * Math.log10(mean(powers));
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {Hop} hop */
function isSounding({ played }) {
  return Math.max(...played) > PLAYED_DB + 10;
}

/** @param {number} a_ms @param {number} b_ms */
function near(a_ms, b_ms) {
  return Math.abs(a_ms - b_ms) <= SAME_DELAY * HOP_MS;
}
