import type { ModelState } from "../../models/languageModel.js";
import type { Choice } from "./choices.js";

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

export type Candidate = Choice & { readonly fate: Fate };

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

  /**
   * Makes the `t`-th new token (from 1).
   * @param chosen its candidates, the best first, or in the order in which they were drawn
   */
  advance(t: number, chosen: readonly Choice[]): Candidate[] {
    const { width, eos, maxNewTokens, lengthPenalty, earlyStopping } = this.rules;
    const full = () => earlyStopping === true && this.finished.length === width;
    const taking = this.improvable && !full();
    const ends = (choice: Choice) => eos.includes(choice.token) || t === maxNewTokens;
    const ended = new Map(chosen.slice(0, width).filter((choice) => taking && ends(choice)).map((choice) => [choice, this.continued(choice)]));
    const scored = [...ended.values()].map(({ tokens, sum, origins }): Finished => ({ tokens, sum, origins, score: sum / t ** lengthPenalty }));
    this.finished = [...this.finished, ...scored].sort((a, b) => b.score - a.score).slice(0, width);
    const kept = new Set(this.finished.map(({ tokens }) => tokens));
    const next = chosen.filter((choice) => !ends(choice)).sort((a, b) => b.sum - a.sum).slice(0, width);
    const candidates = chosen.map((choice): Candidate => {
      const tokens = ended.get(choice)?.tokens;
      const fate: Fate = ends(choice) ? (tokens && kept.has(tokens) ? "finished" : "dropped") : next.includes(choice) ? "running" : "pruned";
      return { ...choice, fate };
    });
    this.running = forked(next.map((choice) => this.continued(choice)));
    this.done = !this.mayGoOn(t) || full();
    return candidates;
  }

  private continued({ row, token, sum }: Choice): Beam {
    const { tokens, origins, state } = this.running[row];
    return { tokens: [...tokens, token], origins: [...origins, row], sum, state };
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
function forked(beams: readonly Beam[]): Beam[] {
  const later = (i: number) => beams.slice(i + 1).some(({ state }) => state === beams[i].state);
  return beams.map((beam, i) => (later(i) ? { ...beam, state: beam.state.fork() } : beam));
}
