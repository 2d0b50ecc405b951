/**
 * Uniform numbers in [0, 1) with 53 random bits from a 32-bit seed: xoshiro128** (Blackman and Vigna 2018), its state
 * filled by splitmix32, so that neighbouring seeds give unrelated sequences.
 */
export function seededRandom(seed: number): () => number {
  let mix = seed >>> 0;
  const state = new Uint32Array(4).map(() => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  });

  function next(): number {
    const times5 = Math.imul(state[1], 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const t = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result >>> 0;
  }

  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}
