import { msg, type Progress } from "../contract/index.js";
import { contrastiveLoss, descend } from "./simctg.js";
import type { TrainingPart } from "./trace.js";

/** Steps of gradient descent between the two maps. */
const STEPS = 30;
/** Of the mean length squared, for each token: a state's gradient is a mean over all pairs. */
const RATE = 0.1;
/** Beyond this many multiplications a map of all pairs takes too long. */
const MOST_WORK = 3e8;

/** SimCTG's loss of hidden states [T, d], and what descent on the states alone makes of it; null where there are too many. */
export function* contrastiveStates(states: Float32Array, d: number, margin: number): Generator<Progress, TrainingPart["contrastive"], void> {
  const n = states.length / d;
  if (n * n * d > MOST_WORK) return null;
  const before = contrastiveLoss(states, d, margin);
  let moved: Float32Array | Float64Array = states;
  for (let step = 0; step < STEPS; step++) {
    moved = descend(moved, d, margin, 1, RATE * n);
    yield { fraction: (step + 1) / STEPS, message: msg("Pushing hidden states apart") };
  }
  const after = contrastiveLoss(moved, d, margin);
  return {
    margin, descentSteps: STEPS,
    before: Float32Array.from(before.similarities),
    after: Float32Array.from(after.similarities),
    lossBefore: before.loss,
    lossAfter: after.loss,
  };
}
