import type { SearchPart } from "../../core/decoding/trace.js";

export type BeamsPart = Extract<SearchPart, { kind: "beams" }>;
export type BeamCandidate = BeamsPart["steps"][number][number]["candidates"][number];
/** A candidate: its step, its group, and its index among the group's candidates of that step. */
export type Place = { readonly step: number; readonly group: number; readonly index: number };

export const same = (a: Place | null, b: Place | null): boolean => a === b || (a !== null && b !== null && a.step === b.step && a.group === b.group && a.index === b.index);

/** What follows from a beam search: ranks, parents, paths, and where each step cuts. */
export class BeamsModel {
  readonly steps: number;
  /** The most candidates that a group has in any step. */
  readonly rows: number;
  /** Candidates in all. */
  readonly size: number;
  /** [step][group][index] rank by running log-probability, 0 the best; drawn candidates come in another order. */
  readonly #ranks: readonly (readonly Int32Array[])[];
  readonly #orders: readonly (readonly Int32Array[])[];

  constructor(readonly part: BeamsPart) {
    this.steps = part.steps.length;
    this.#orders = part.steps.map((groups) => groups.map(({ candidates }) => Int32Array.from(candidates.keys()).sort((a, b) => candidates[b].sum - candidates[a].sum || a - b)));
    this.#ranks = this.#orders.map((groups) => groups.map((order) => {
      const ranks = new Int32Array(order.length);
      order.forEach((index, rank) => (ranks[index] = rank));
      return ranks;
    }));
    this.rows = Math.max(1, ...part.steps.flatMap((groups) => groups.map(({ candidates }) => candidates.length)));
    this.size = part.steps.reduce((sum, groups) => sum + groups.reduce((all, { candidates }) => all + candidates.length, 0), 0);
  }

  candidates(step: number, group: number): readonly BeamCandidate[] {
    return this.part.steps[step]?.[group]?.candidates ?? [];
  }

  at({ step, group, index }: Place): BeamCandidate | undefined {
    return this.candidates(step, group)[index];
  }

  rank({ step, group, index }: Place): number {
    return this.#ranks[step][group][index];
  }

  /** The candidate of a rank. */
  indexOf(step: number, group: number, rank: number): number {
    return this.#orders[step][group][rank];
  }

  /** How many candidates stand above the rule: those that go on, those that ended well, and what lies between. */
  kept(step: number, group: number): number {
    let last = -1;
    this.candidates(step, group).forEach(({ fate }, index) => {
      if (fate === "running" || fate === "finished") last = Math.max(last, this.#ranks[step][group][index]);
    });
    return last + 1;
  }

  /** The candidate that this one goes on from; null at the first step. */
  parent({ step, group, index }: Place): Place | null {
    const candidate = this.candidates(step, group)[index];
    if (step === 0 || !candidate) return null;
    const from = this.part.steps[step - 1][group].running[candidate.parent];
    return from === undefined ? null : { step: step - 1, group, index: from };
  }

  /** The candidates that go on from this one, the best first. */
  children({ step, group, index }: Place): Place[] {
    const row = this.part.steps[step]?.[group]?.running.indexOf(index) ?? -1;
    if (row < 0 || step + 1 >= this.steps) return [];
    const found: Place[] = [];
    for (const child of this.#orders[step + 1][group]) if (this.candidates(step + 1, group)[child].parent === row) found.push({ step: step + 1, group, index: child });
    return found;
  }

  /** From the first token to this candidate. */
  path(place: Place): Place[] {
    const path = [place];
    for (let at = this.parent(place); at; at = this.parent(at)) path.unshift(at);
    return path;
  }

  /** The path of a finished text. */
  finishedPath(which: number): Place[] {
    const finished = this.part.finished[which];
    return finished ? Array.from(finished.path, (index, step) => ({ step, group: finished.group, index })) : [];
  }

  /** The finished text that ends with a candidate; −1 when none does. */
  finishedAt(place: Place): number {
    return this.part.finished.findIndex(({ group, path }) => group === place.group && path.length === place.step + 1 && path[place.step] === place.index);
  }
}

/** sum / length ** penalty, what beam search compares texts by. */
export function penalised(sum: number, length: number, penalty: number): number {
  return sum / length ** penalty;
}
