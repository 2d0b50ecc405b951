import type { AttentionTrace, HeadScores, InsidePart, Role, RolesSeen } from "../../core/attention/trace.js";

export const ROLES: readonly Role[] = ["previous", "first", "self", "same", "induction"];

export type Guess = { readonly id: number; readonly name: string; readonly probability: number };
/** One part's share in a logit. */
export type Pull = { readonly layer: number; readonly head: number; readonly value: number; readonly look: number; readonly induction: boolean };

/** What is inside a model, ready to be drawn. L layers and the embedding. */
export class InsideModel {
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly #names: ReadonlyMap<number, string>;

  constructor(readonly trace: AttentionTrace, readonly part: InsidePart) {
    this.layers = trace.source.layers;
    this.heads = trace.source.heads;
    this.tokens = part.stream.length / (this.layers + 1);
    this.#names = new Map(part.names);
  }

  name(id: number): string {
    return this.#names.get(id) ?? String(id);
  }

  /** The column of the lens that a token has; the nearest where it has none. */
  column(token: number): number {
    const lens = this.part.lens;
    return lens ? Math.max(0, Math.min(lens.count - 1, token - lens.from)) : 0;
  }

  /** The likeliest tokens at a place of the lens. */
  guesses(layer: number, column: number): Guess[] {
    const { listed, count, ids, probability } = this.part.lens!;
    const at = (layer * count + column) * listed;
    return Array.from({ length: listed }, (_, i) => ({ id: ids[at + i], name: this.name(ids[at + i]), probability: probability[at + i] }));
  }

  /** Whether the first guess at a place is what the text has. */
  hits(layer: number, column: number): boolean {
    const { target, rank, count } = this.part.lens!;
    return target[column] >= 0 && rank[layer * count + column] === 1;
  }

  /** The scores that are shown: on random tokens where they are known and wanted. */
  roles(where: "here" | "random"): RolesSeen {
    return (where === "random" ? this.part.roles.random : null) ?? this.part.roles.here;
  }

  score(scores: HeadScores, role: Role, layer: number, head: number): number {
    return scores[role][layer * this.heads + head];
  }

  /** The role that a head is named by, where it plays one. */
  named(where: "here" | "random", layer: number, head: number): Role | undefined {
    return this.part.roles.named.find((each) => each.where === where && each.layer === layer && each.head === head)?.role;
  }

  /** What each head adds to a new token's logit. */
  pulls(step: number): Pull[] {
    const { heads, looks, induction } = this.part.pulls!;
    const per = this.layers * this.heads;
    return Array.from({ length: per }, (_, i) => {
      const [layer, head] = [Math.floor(i / this.heads), i % this.heads];
      return { layer, head, value: heads[step * per + i], look: looks[step * per + i], induction: induction.some(([l, h]) => l === layer && h === head) };
    });
  }

  /** The sum of all parts of a logit, to be held against the model's own. */
  sum(step: number): { readonly embedding: number; readonly heads: readonly number[]; readonly mlp: readonly number[]; readonly bias: number; readonly total: number; readonly own: number } {
    const { embedding, mlp, bias, logit } = this.part.pulls!;
    const all = this.pulls(step);
    const heads = Array.from({ length: this.layers }, (_, layer) => all.filter((each) => each.layer === layer).reduce((sum, { value }) => sum + value, 0));
    const own = Array.from(mlp.subarray(step * this.layers, (step + 1) * this.layers));
    const total = [...heads, ...own].reduce((sum, value) => sum + value, embedding[step] + bias[step]);
    return { embedding: embedding[step], heads, mlp: own, bias: bias[step], total, own: logit[step] };
  }
}

/** The rows of the pulls' picture: the strongest, in the order of the model, and what the others make together. */
export function strongestPulls(all: readonly Pull[], most: number): { readonly shown: readonly Pull[]; readonly others: number; readonly count: number } {
  if (all.length <= most) return { shown: all, others: 0, count: 0 };
  const kept = new Set([...all].sort((a, b) => Number(b.induction) - Number(a.induction) || Math.abs(b.value) - Math.abs(a.value)).slice(0, most));
  const left = all.filter((each) => !kept.has(each));
  return { shown: all.filter((each) => kept.has(each)), others: left.reduce((sum, { value }) => sum + value, 0), count: left.length };
}
