import { msg, type Message } from "../../core/contract/index.js";
import { numberWord } from "../../core/mixture/numberWord.js";
import type { Fit, MixtureTrace } from "../../core/mixture/trace.js";
import { letter } from "../marks/palette.js";
import { fixed } from "../text/number.js";

/** What is said where the published program stopped: that it did, and what the iterations after it still changed. */
export function publishedNotes(trace: MixtureTrace, fit: Fit): { readonly at: number; readonly first: Message; readonly second: Message; readonly short: Message } | null {
  const at = trace.publishedStop;
  const { logLikelihood } = fit;
  if (at === null || at >= logLikelihood.length) return null;
  const more = logLikelihood.length - 1 - at;
  const gain = logLikelihood[logLikelihood.length - 1] - logLikelihood[at];
  const first = at === 1
    ? msg("here the published program stopped, after one iteration")
    : msg("here the published program stopped, after {0} iterations", numberWord(at));
  const step = fit.kept.indexOf(at);
  const [k, moved] = farthest(trace, fit, step < 0 ? 0 : step);
  const second = more === 1
    ? msg("one more adds only {0}, yet moves {1}’s mean by {2}", fixed(gain, 3), letter(k), fixed(moved, 3))
    : msg("{0} more add only {1}, yet move {2}’s mean by {3}", numberWord(more), fixed(gain, 3), letter(k), fixed(moved, 3));
  return { at, first, second, short: msg("the published stop; then +{0}", fixed(gain, 3)) };
}

/** How the fit ended, for the curve's end. */
export function endNote(fit: Fit): Message {
  switch (fit.ended) {
    case "converged":
      return fit.collapsed.some((c) => c === 1) ? msg("collapsed") : msg("converged");
    case "max_iter":
      return msg("max_iter reached");
    case "stopped":
      return msg("stopped");
    case "failed":
      return msg("broke off");
  }
}

/** The component whose mean moves farthest between a kept step and the end, and how far. */
function farthest(trace: MixtureTrace, { means, kept }: Fit, step: number): [number, number] {
  const { K, D } = trace;
  const last = kept.length - 1;
  let [found, most] = [0, -1];
  for (let k = 0; k < K; k++) {
    let square = 0;
    for (let d = 0; d < D; d++) square += (means[(last * K + k) * D + d] - means[(step * K + k) * D + d]) ** 2;
    if (square > most) [found, most] = [k, square];
  }
  return [found, Math.sqrt(most)];
}
