/** Numbers that look random and are the same in every run: samples are compared byte by byte. */
export interface SeededNoise {
  /** Evenly spread over 0 to 1. */
  even(): number;
  /** About normally distributed, mean 0, standard deviation 1. */
  normal(): number;
}

/** The generator mulberry32, by Tommy Ettinger (public domain). */
export function seededNoise(seed: number): SeededNoise {
  let state = seed >>> 0;
  const even = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // Four even numbers have the variance 4/12: no logarithm or cosine, whose last digits engines may round apart.
  const normal = () => (even() + even() + even() + even() - 2) * Math.sqrt(3);
  return { even, normal };
}

/** Random bytes, the same for the same seed. */
export function noiseBytes(length: number, seed: number): Buffer {
  const { even } = seededNoise(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(even() * 256)));
}
