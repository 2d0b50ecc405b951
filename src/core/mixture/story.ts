import { msg, type Message, type Span } from "../contract/index.js";
import { fewestRows, isBelow } from "./criteria.js";
import { mixtureAt, responsibilitiesOf, shapesStep, sharesStep, stepsOf } from "./evaluate.js";
import { brokenTitle, collapseTitle } from "./headlines.js";
import { decimal, grouped } from "../text/numberText.js";
import { numberWord } from "./numberWord.js";
import type { Fit, MixtureTrace } from "./trace.js";

/** A piece of the sentence under the headline: text, a component's letter, or a link to a row. */
export type StoryPiece =
  | { readonly kind: "text"; readonly text: Message }
  | { readonly kind: "component"; readonly index: number }
  | { readonly kind: "link"; readonly text: Message; readonly span: Span };

export type Story = { readonly title: Message; readonly lede: readonly StoryPiece[] };

/** What the story is about. */
export type StoryAt = {
  readonly trace: MixtureTrace;
  readonly fitIndex: number;
  /** Where the player stands, 0 … 2(S − 1); a fraction is rounded down. */
  readonly position: number;
  /** Responsibilities shown at the position, [M, K], where they are known already; null before the first E-step. */
  readonly shares?: Float64Array | null;
  /** A drawn point that the reader holds; without one, the story picks the least decided. */
  readonly point?: number | null;
  /** The run goes on. */
  readonly running?: boolean;
};

/**
 * Headline and one line under it, written from the trace at a step: what happens there, how certain the rows are, and
 * the row that is torn most. Special ends (collapse, fall, stop) come first, since they change what the picture means.
 */
export function story(at: StoryAt): Story {
  const { trace, fitIndex } = at;
  const fit = trace.fits[fitIndex];
  const S = stepsOf(fit);
  const last = 2 * (S - 1);
  const position = Math.max(0, Math.min(Math.floor(at.position), last));
  const atEnd = position === last;
  const under = sharesStep(position, S);
  const shares =
    at.shares !== undefined ? at.shares
    : under < 0 ? null
    : responsibilitiesOf(mixtureAt(trace, fitIndex, under), trace.points, trace.lines.length);
  const fallen = fallAt(fit, position, S);
  if (fallen !== null) return { title: msg("The log-likelihood fell at iteration {0}", fallen), lede: fallLede(trace) };
  if (atEnd && fit.ended === "failed") {
    const lede = fit.failure ? [text(fit.failure)] : [];
    return { title: brokenTitle(fit), lede };
  }
  if (atEnd && !at.running) {
    const collapsed = indices(fit.collapsed);
    if (collapsed.length) return collapseStory(trace, fit, collapsed, shares);
  }
  if (!shares) return { title: title(trace, null, at.running), lede: startLede(trace, fitIndex) };
  return {
    title: title(trace, shares, at.running),
    lede: [...opening(at, fit, position, atEnd), ...certainty(trace, shares, at.point ?? null), ...closing(trace, atEnd && !at.running)],
  };
}

/** Whether rows are named by their line: binary files have none. */
export function hasLines({ spans, format }: MixtureTrace): boolean {
  return spans !== null || format !== "numpy";
}

/** "line 26", or "row 26" of a binary file. */
export function rowName(trace: MixtureTrace, point: number): Message {
  const number = trace.lines[point];
  return hasLines(trace) ? msg("line {0}", number) : msg("row {0}", number);
}

/** Positions of the components whose rows no other component contests: under 2% of their points are shared. */
export function standApart(shares: Float64Array, K: number): number[] {
  const own = new Float64Array(K);
  const contested = new Float64Array(K);
  for (let i = 0; i < shares.length; i += K) {
    for (let k = 0; k < K; k++) {
      own[k] += shares[i + k];
      contested[k] += Math.min(shares[i + k], 1 - shares[i + k]);
    }
  }
  return Array.from(own.keys()).filter((k) => own[k] >= 1 && contested[k] < 0.02 * own[k]);
}

/** Whole percentages by Hamilton's method, so that they sum to 100 with what is left to the others. */
export function wholePercents(shares: ArrayLike<number>): number[] {
  const exact = Array.from(shares, (r) => r * 100);
  const whole = exact.map(Math.floor);
  const missing = Math.round(exact.reduce((sum, v) => sum + v, 0)) - whole.reduce((sum, v) => sum + v, 0);
  const order = exact.map((_, k) => k).sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]));
  for (const k of order.slice(0, Math.max(0, missing))) whole[k]++;
  return whole;
}

function title(trace: MixtureTrace, shares: Float64Array | null, running = false): Message {
  const { K, D, N } = trace;
  const many = numberWord(K, true);
  if (running) return D === 1 ? msg("{0} bells are finding their places", many) : msg("{0} groups are finding their places", many);
  if (K === 1) return D === 1 ? msg("One bell holds {0} numbers", grouped(N)) : msg("One group holds {0} points", grouped(N));
  if (D === 1) return msg("{0} bells share {1} numbers", many, grouped(N));
  if (!shares) return msg("{0} groups are set among {1} points", many, grouped(N));
  const apart = standApart(shares, K).length;
  if (apart === K) return msg("{0} groups stand apart", many);
  if (apart === 0) return msg("{0} groups overlap", many);
  const rest = numberWord(K - apart);
  return apart === 1
    ? K - apart === 1 ? msg("Two groups, one of them loosely held") : msg("One group stands apart; {0} overlap", rest)
    : K - apart === 1 ? msg("{0} groups stand apart; one is loosely held", numberWord(apart, true))
    : msg("{0} groups stand apart; {1} overlap", numberWord(apart, true), rest);
}

function startLede(trace: MixtureTrace, fitIndex: number): StoryPiece[] {
  const { K, D } = trace;
  const { means } = mixtureAt(trace, fitIndex, 0);
  const before =
    trace.start === "fresh"
      ? D === 1 ? msg("The start: no number belongs to a bell yet.") : msg("The start: no point belongs to a group yet.")
      : msg("It starts where the last fit ended; nothing is shared out yet.");
  if (D > 1 || K > 3) return [text(before)];
  const where: StoryPiece[] = [];
  for (let k = 0; k < K; k++) {
    const value = decimal(means[k], digitsFor(trace));
    where.push({ kind: "component", index: k });
    where.push(text(k === 0 ? msg(" stands at {0}", value) : msg(" at {0}", value)));
    where.push(text(k === K - 1 ? msg(".") : k === K - 2 ? msg(" and ") : msg(", ")));
  }
  return [text(before), text(msg(" ")), ...where];
}

/** What the half-step does, or how it ended. */
function opening(at: StoryAt, fit: Fit, position: number, atEnd: boolean): StoryPiece[] {
  const { trace, fitIndex } = at;
  if (atEnd && !at.running) {
    const n = fit.iterations;
    // The run's remark says it, with what can be done.
    if (fit.ended === "max_iter") return [];
    if (fit.ended === "stopped") return [text(msg("You stopped it at iteration {0}. ", n))];
    if (trace.start === "warm") {
      return [text(n === 1 ? msg("From the last fit it took one iteration. ") : msg("From the last fit it took {0} iterations. ", numberWord(n)))];
    }
    return [text(n === 1 ? msg("One iteration, and nothing moves any more. ") : msg("After {0} iterations nothing moves any more. ", numberWord(n)))];
  }
  if (trace.K === 1) return [text(trace.D === 1 ? msg("There is only one bell, so every number belongs to it.") : msg("There is only one group, so every point belongs to it."))];
  if (position % 2 === 1) {
    return [text(trace.D === 1 ? msg("Each number asks which bell made it. ") : msg("Each point asks which group made it. "))];
  }
  const step = shapesStep(position, stepsOf(fit));
  if (step === 0) return [];
  const [k, moved] = farthestMove(trace, fitIndex, step);
  const head = trace.D === 1 ? msg("Each bell moves to the mean of its share: ") : msg("Each group moves to the mean of its share: ");
  const digits = digitsFor(trace);
  const far = moved < 10 ** -digits ? msg(" farthest, by less than {0}. ", decimal(10 ** -digits, digits)) : msg(" farthest, by {0}. ", decimal(moved, digits));
  return [text(head), { kind: "component", index: k }, text(far)];
}

/** How sure the rows are, then the row that the reader holds or that is torn most. */
function certainty(trace: MixtureTrace, shares: Float64Array, held: number | null): StoryPiece[] {
  const { K, D } = trace;
  if (K === 1) return [];
  const M = shares.length / K;
  let sure = 0;
  let least = 1;
  let torn = 0;
  for (let i = 0; i < M; i++) {
    let top = 0;
    for (let k = 0; k < K; k++) top = Math.max(top, shares[i * K + k]);
    if (top >= 0.95) sure++;
    if (top < least) {
      least = top;
      torn = i;
    }
  }
  const point = held ?? torn;
  const own = shares.subarray(point * K, (point + 1) * K);
  const place = where(trace, point);
  if (held === null && least >= 0.995) {
    return [text(D === 1 ? msg("Every number is certain; even ") : msg("Every point is certain; even ")), place, text(msg(", the least so, ")), ...goes(own)];
  }
  const part = sure / M;
  const head =
    part === 1 ? msg("All are certain; ")
    : part >= 0.9 ? msg("Nearly all are certain; ")
    : part >= 0.6 ? msg("Most are certain; ")
    : part >= 0.4 ? msg("{0} of {1} are certain; ", grouped(sure), grouped(M))
    : part >= 0.05 ? msg("Only {0} of {1} are certain; ", grouped(sure), grouped(M))
    : msg("Hardly any is certain; ");
  if (held !== null && held !== torn) return [text(head), place, text(msg(" ")), ...goes(own)];
  return [text(head), place, text(least < 0.95 ? msg(", caught between, ") : msg(", the least so, ")), ...goes(own)];
}

/** "goes 90% to A and 10% to B." */
function goes(own: ArrayLike<number>): StoryPiece[] {
  const order = Array.from(own, (_, k) => k).sort((a, b) => own[b] - own[a]);
  const percents = wholePercents(own);
  const [first, second, third] = order;
  if (percents[first] >= 100 || percents[first] === 0) {
    const head = own[first] >= 0.99995 ? msg("goes wholly to ") : msg("goes {0}% to ", decimal(own[first] * 100, own[first] >= 0.9995 ? 2 : 1));
    return [text(head), { kind: "component", index: first }, text(msg("."))];
  }
  const pieces: StoryPiece[] = [text(msg("goes {0}% to ", percents[first])), { kind: "component", index: first }];
  if (percents[second] > 0) {
    const more = third !== undefined && percents[third] > 0;
    pieces.push(text(more ? msg(", {0}% to ", percents[second]) : msg(" and {0}% to ", percents[second])), { kind: "component", index: second });
    if (more) {
      const left = 100 - percents[first] - percents[second];
      if (left === percents[third]) pieces.push(text(msg(" and {0}% to ", left)), { kind: "component", index: third });
      else pieces.push(text(msg(" and {0}% to others", left)));
    }
  }
  return [...pieces, text(msg("."))];
}

/** What the comparison over K says, where it says another K. */
function closing(trace: MixtureTrace, show: boolean): StoryPiece[] {
  const { sweep, K } = trace;
  if (!show || !sweep || sweep.bestBic < 0) return [];
  const chosen = sweep.k[sweep.bestBic];
  return chosen === K ? [] : [text(msg(" BIC would choose K = {0}.", chosen))];
}

function collapseStory(trace: MixtureTrace, fit: Fit, collapsed: readonly number[], shares: Float64Array | null): Story {
  const { K, D, N } = trace;
  const k = collapsed[0];
  const points = fit.counts[(stepsOf(fit) - 1) * K + k];
  const fewest = fewestRows(trace);
  const alone = shares !== null && Math.abs(points - 1) < 0.05 ? Array.from(trace.lines.keys()).find((i) => shares[i * K + k] > 0.95) : undefined;
  const rest: StoryPiece[] = [{ kind: "component", index: k }];
  if (alone !== undefined) {
    rest.push(text(msg(" sits on ")), where(trace, alone), text(msg(" alone: one row has no width, so its likelihood says nothing. Unless that row is a mistake, try fewer components or another start.")));
    return { title: collapseTitle(collapsed.length), lede: rest };
  }
  const [held, all] = [decimal(points, 1), grouped(N)];
  rest.push(text(
    !Number.isFinite(points) ? msg(" has no width of its own: only reg_covar keeps it from zero, so its likelihood says nothing. ")
    : !isBelow(points, fewest) ? msg(" sits on {0} of {1} rows with no width of its own: only reg_covar keeps it from zero, so its likelihood says nothing. ", held, all)
    : fewest > 2 ? msg(" holds {0} of {1} rows, fewer than the {2} that a full covariance of {3} columns needs, so its likelihood says nothing. ", held, all, fewest, D)
    : msg(" holds {0} of {1} rows, and fewer than two have no width, so its likelihood says nothing. ", held, all),
  ), text(msg("Try fewer components, another start, or a larger reg_covar.")));
  return { title: collapseTitle(collapsed.length), lede: rest };
}

function fallLede(trace: MixtureTrace): StoryPiece[] {
  return trace.regCovar > 1e-6
    ? [text(msg("EM never does this with exact arithmetic: reg_covar {0} is changing the model.", String(trace.regCovar)))]
    : [text(msg("EM never does this with exact arithmetic: rounding did it, where a covariance is nearly singular. A larger reg_covar helps."))];
}

/** The iteration at which the likelihood fell, when the position is the M-step or E-step of that iteration. */
function fallAt(fit: Fit, position: number, S: number): number | null {
  const step = shapesStep(position, S);
  if (step < 1) return null;
  for (const iteration of fit.fell) {
    if (iteration > fit.kept[step - 1] && iteration <= fit.kept[step]) return iteration;
  }
  return null;
}

function farthestMove(trace: MixtureTrace, fitIndex: number, step: number): [number, number] {
  const { K, D } = trace;
  const now = mixtureAt(trace, fitIndex, step).means;
  const before = mixtureAt(trace, fitIndex, step - 1).means;
  let [farthest, most] = [0, -1];
  for (let k = 0; k < K; k++) {
    let square = 0;
    for (let d = 0; d < D; d++) square += (now[k * D + d] - before[k * D + d]) ** 2;
    if (square > most) [farthest, most] = [k, square];
  }
  return [farthest, Math.sqrt(most)];
}

function where(trace: MixtureTrace, point: number): StoryPiece {
  const { spans } = trace;
  if (!spans) return text(rowName(trace, point));
  return { kind: "link", text: rowName(trace, point), span: { start: spans[2 * point], end: spans[2 * point + 1] } };
}

/** Decimals that show a hundredth of the data's spread. */
function digitsFor(trace: MixtureTrace): number {
  const spread = trace.stats.std[0];
  return spread > 0 ? Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(spread)))) : 3;
}

function indices(flags: Uint8Array): number[] {
  return Array.from(flags.keys()).filter((k) => flags[k] === 1);
}

function text(message: Message): StoryPiece {
  return { kind: "text", text: message };
}
