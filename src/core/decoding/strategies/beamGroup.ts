import type { ModelState } from "../../models/languageModel.js";

/** A text that may go on. */
export type Beam = {
  /** Prompt included. */
  readonly tokens: readonly number[];
  /** Sum of the log-probabilities (as processed) of its new tokens. */
  readonly sum: number;
  /** The row of the running beams that each new token came from. */
  readonly origins: readonly number[];
  readonly state: ModelState;
};

export type Fate =
  /** Goes on as a running beam. */
  | "running"
  /** Ended among the best and is kept as a finished text. */
  | "finished"
  /** Ended, but not among the first num_beams candidates, or behind texts that are better. */
  | "dropped"
  /** Behind the beams that go on. */
  | "pruned";

export type Candidate = {
  /** The running beam that it continues. */
  readonly row: number;
  readonly token: number;
  /** What the token adds: its log-probability behind the processors. */
  readonly logProbability: number;
  readonly sum: number;
  readonly fate: Fate;
};

export type Finished = {
  readonly tokens: readonly number[];
  /** sum / (new tokens ** length_penalty). */
  readonly score: number;
  readonly sum: number;
  readonly origins: readonly number[];
};

export type BeamRules = {
  readonly width: number;
  readonly eos: readonly number[];
  readonly maxNewTokens: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | "never";
};

type Bare = Omit<Candidate, "fate">;

/** The best candidates met so far, the best first; of equals the one met first. */
export class BestCandidates {
  readonly list: Bare[] = [];
  constructor(private readonly most: number) {}

  /** A sum must exceed this to be taken. */
  get floor(): number {
    return this.list.length < this.most ? -Infinity : this.list[this.most - 1].sum;
  }

  /** Offers all continuations of a beam by log-probabilities [V]. */
  offer(row: number, sum: number, logProbabilities: Float64Array): void {
    let floor = this.floor;
    for (let token = 0; token < logProbabilities.length; token++) {
      const total = sum + logProbabilities[token];
      if (!(total > floor)) continue;
      let at = this.list.length;
      while (at > 0 && this.list[at - 1].sum < total) at--;
      this.list.splice(at, 0, { row, token, logProbability: logProbabilities[token], sum: total });
      if (this.list.length > this.most) this.list.pop();
      floor = this.floor;
    }
  }
}

/**
 * Beams that compete with each other: all of beam search, or one group of diverse beam search. The rules are those of
 * transformers (`GenerationMixin._beam_search`): of the best 2 · width candidates those that end are kept as finished only when they
 * stand among the first `width`; the others go on.
 */
export class BeamGroup {
  running: readonly Beam[];
  finished: readonly Finished[] = [];
  done = false;
  /** Whether a text may still become better than the worst finished one; once false, nothing more is taken. */
  private improvable = true;

  constructor(
    start: Beam,
    private readonly rules: BeamRules,
  ) {
    this.running = [start];
  }

  /** How many candidates are looked at: enough to go on when all the best ones end. */
  get candidateCount(): number {
    return Math.max(2, 1 + this.rules.eos.length) * this.rules.width;
  }

  /** Makes the `t`-th new token (from 1) of its candidates, the best first. */
  advance(t: number, best: readonly Bare[]): Candidate[] {
    const { width, eos, maxNewTokens, lengthPenalty, earlyStopping } = this.rules;
    const full = () => earlyStopping === true && this.finished.length === width;
    const taking = this.improvable && !full();
    const next: Beam[] = [];
    const ended: { readonly finished: Finished; readonly index: number }[] = [];
    best.forEach((candidate, index) => {
      const parent = this.running[candidate.row];
      const tokens = [...parent.tokens, candidate.token];
      const origins = [...parent.origins, candidate.row];
      const { sum } = candidate;
      if (eos.includes(candidate.token) || t === maxNewTokens) {
        if (taking && index < width) ended.push({ finished: { tokens, sum, origins, score: sum / t ** lengthPenalty }, index });
      } else if (next.length < width) next.push({ tokens, sum, origins, state: parent.state });
    });
    this.finished = [...this.finished, ...ended.map(({ finished }) => finished)].sort((a, b) => b.score - a.score).slice(0, width);
    const kept = new Set(ended.filter(({ finished }) => this.finished.includes(finished)).map(({ index }) => index));
    let goingOn = 0;
    const fates = best.map((candidate, index): Candidate => {
      const ends = eos.includes(candidate.token) || t === maxNewTokens;
      const fate: Fate = ends ? (kept.has(index) ? "finished" : "dropped") : goingOn++ < width ? "running" : "pruned";
      return { ...candidate, fate };
    });
    this.running = forked(next, best, fates);
    this.done = !this.mayGoOn(t) || full();
    return fates;
  }

  private mayGoOn(t: number): boolean {
    const { width, maxNewTokens, lengthPenalty, earlyStopping } = this.rules;
    if (this.running.length === 0) return false;
    const length = earlyStopping === "never" && lengthPenalty > 0 ? maxNewTokens : t;
    const bestPossible = this.running[0].sum / length ** lengthPenalty;
    this.improvable &&= this.finished.length < width || bestPossible > this.finished[width - 1].score;
    return this.improvable;
  }
}

/** Gives every beam a state of its own; the last continuation of a beam takes over its parent's. */
function forked(next: readonly Beam[], best: readonly Bare[], fates: readonly Candidate[]): Beam[] {
  const rows = best.filter((_, i) => fates[i].fate === "running").map(({ row }) => row);
  return next.map((beam, i) => (rows.indexOf(rows[i], i + 1) < 0 ? beam : { ...beam, state: beam.state.fork() }));
}
