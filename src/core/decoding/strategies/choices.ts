import { expNegative } from "../../math/exp.js";

/** A continuation of a running beam by a token. */
export type Choice = {
  /** The running beam. */
  readonly row: number;
  readonly token: number;
  /** What the token adds: its log-probability behind the processors. */
  readonly logProbability: number;
  /** The beam's sum of log-probabilities with it. */
  readonly sum: number;
};

/** Collects the continuations of beams, and chooses among them. */
export interface Choices {
  /** Offers all continuations of a beam by log-probabilities [V], which are the caller's. */
  offer(row: number, sum: number, logProbabilities: Float64Array): void;
  chosen(): Choice[];
}

/** The highest sums, the highest first; of equals the one met first. */
export function bestChoices(most: number): Choices {
  const list: Choice[] = [];
  return {
    offer(row, sum, logProbabilities) {
      const floorOf = () => (list.length < most ? -Infinity : list[most - 1].sum);
      let floor = floorOf();
      for (let token = 0; token < logProbabilities.length; token++) {
        const total = sum + logProbabilities[token];
        if (!(total > floor)) continue;
        let at = list.length;
        while (at > 0 && list[at - 1].sum < total) at--;
        list.splice(at, 0, { row, token, logProbability: logProbabilities[token], sum: total });
        if (list.length > most) list.pop();
        floor = floorOf();
      }
    },
    chosen: () => list,
  };
}

/**
 * Continuations drawn without replacement by the softmax of their sums, as generate() does for sampling with beams. One uniform
 * number is taken a draw, in the order of beams and ids.
 */
export function drawnChoices(most: number, random: () => number): Choices {
  // What was removed can't be drawn, and is most of a vocabulary.
  const beams: { readonly row: number; readonly sum: number; readonly tokens: Int32Array; readonly added: Float64Array }[] = [];
  return {
    offer(row, sum, logProbabilities) {
      const tokens = new Int32Array(logProbabilities.length);
      let count = 0;
      for (let i = 0; i < logProbabilities.length; i++) if (logProbabilities[i] !== -Infinity) tokens[count++] = i;
      const added = new Float64Array(count);
      for (let m = 0; m < count; m++) added[m] = logProbabilities[tokens[m]];
      beams.push({ row, sum, tokens, added });
    },
    chosen() {
      let largest = -Infinity;
      for (const { sum, added } of beams) for (const value of added) largest = Math.max(largest, sum + value);
      const weights = beams.map(({ sum, added }) => added.map((value) => expNegative(sum + value - largest)));
      const list: Choice[] = [];
      while (list.length < most) {
        let total = 0;
        for (const beam of weights) for (const weight of beam) total += weight;
        if (!(total > 0)) break;
        const [beam, place] = at(weights, random() * total);
        weights[beam][place] = 0;
        const { row, sum, tokens, added } = beams[beam];
        list.push({ row, token: tokens[place], logProbability: added[place], sum: sum + added[place] });
      }
      return list;
    },
  };
}

/** Where the running sum first exceeds a goal; the last place with weight when rounding leaves it short. */
function at(weights: readonly Float64Array[], goal: number): [number, number] {
  let sum = 0;
  const last: [number, number] = [0, 0];
  for (let beam = 0; beam < weights.length; beam++) {
    for (let place = 0; place < weights[beam].length; place++) {
      if (weights[beam][place] === 0) continue;
      sum += weights[beam][place];
      [last[0], last[1]] = [beam, place];
      if (sum > goal) return last;
    }
  }
  return last;
}
