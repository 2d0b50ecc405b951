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
  const rows: { readonly sum: number; readonly added: Float64Array }[] = [];
  return {
    offer(row, sum, logProbabilities) {
      rows[row] = { sum, added: logProbabilities.slice() };
    },
    chosen() {
      let largest = -Infinity;
      for (const { sum, added } of rows) for (const value of added) largest = Math.max(largest, sum + value);
      const weights = rows.map(({ sum, added }) => added.map((value) => expNegative(sum + value - largest)));
      const list: Choice[] = [];
      while (list.length < most) {
        const total = weights.reduce((all, row) => row.reduce((s, weight) => s + weight, all), 0);
        if (!(total > 0)) break;
        const [row, token] = at(weights, random() * total);
        weights[row][token] = 0;
        list.push({ row, token, logProbability: rows[row].added[token], sum: rows[row].sum + rows[row].added[token] });
      }
      return list;
    },
  };
}

/** Where the running sum first exceeds a goal; the last place with weight when rounding leaves it short. */
function at(weights: readonly Float64Array[], goal: number): [number, number] {
  let sum = 0;
  let last: [number, number] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    for (let token = 0; token < weights[row].length; token++) {
      if (weights[row][token] === 0) continue;
      last = [row, token];
      sum += weights[row][token];
      if (sum > goal) return last;
    }
  }
  return last;
}
