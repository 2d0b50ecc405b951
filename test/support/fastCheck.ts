import * as fc from "fast-check";

export * from "fast-check";

/** LUMEN_SEED: a number for the same cases every time, as `npm test` has them, which should not fail by chance. */
const seed = process.env.LUMEN_SEED;
/** LUMEN_CASES: how many times as many cases, to look for what a hundred do not find. */
const times = Number(process.env.LUMEN_CASES ?? 1);

/** fast-check's, with the seed and the number of cases that the environment asks for; a test's own seed stays. */
export const assert: typeof fc.assert = (<Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): Promise<void> | void =>
  fc.assert(property, { ...(seed === undefined ? {} : { seed: Number(seed) }), ...parameters, numRuns: (parameters.numRuns ?? 100) * times })) as typeof fc.assert;
