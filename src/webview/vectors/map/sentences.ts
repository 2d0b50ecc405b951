import { msg, type Message } from "../../../core/contract/index.js";
import { mostPoints } from "../../../core/vectors/map/choose.js";
import type { MapPart, VectorReply, VectorsTrace } from "../../../core/vectors/trace.js";
import { compact, fixed, percent } from "../../text/number.js";

/** What a map of this kind must not be read for, beside what its headline says. */
export function caution({ projection }: MapPart): Message | null {
  if (projection !== "pca") return null;
  return msg("PCA is a straight shadow of the vectors: points that are far apart here are far apart, but points that lie together may differ in what it leaves out.");
}

/** How many true neighbours the map keeps. */
export function trustSentence({ trust, m }: MapPart, d: number): Message | null {
  if (!trust) return null;
  const { k, sample, share } = trust;
  const kept = fixed(k * share, 1);
  return sample === m
    ? msg("On average, {2} of a point's {0} nearest in all {1} dimensions are also among its {0} nearest on this map.", k, d, kept)
    : msg("On average over {3} points, {2} of a point's {0} nearest in all {1} dimensions are also among its {0} nearest on this map.", k, d, kept, compact(sample));
}

/** What is not on the map, and why. */
export function missingSentences({ cut, leftOut, projection }: MapPart): Message[] {
  const finite = projection === "pca";
  return [
    ...(cut ? [cut] : []),
    ...(leftOut === 0 ? []
      : finite ? [leftOut === 1 ? msg("One vector is left out: it has numbers that are not finite.") : msg("{0} vectors are left out: they have numbers that are not finite.", compact(leftOut))]
      : [leftOut === 1 ? msg("One vector is left out: it is all zeros or has numbers that are not finite.") : msg("{0} vectors are left out: they are all zeros or have numbers that are not finite.", compact(leftOut))]),
  ];
}

/** How many points could be laid out where not all are; null where no parameter helps. */
export function layOutMore({ cut, projection, total, m }: MapPart): number | null {
  const most = Math.min(total, mostPoints[projection]);
  return cut && most > m ? most : null;
}

/** What was compared for the neighbours of a point, and how many of them the map keeps. */
export function nearestSentence({ searched, milliseconds, indices }: VectorReply, kept: number): Message {
  const time = milliseconds < 10 ? fixed(milliseconds, 1) : fixed(milliseconds, 0);
  return msg("Exact: by cosine among all {0} points, in {1} ms. {2} of these {3} are also its nearest on the map.", compact(searched), time, kept, indices.length);
}

/** "PC 1 · 12.3% of the variance". */
export function axisLabel({ explained }: MapPart, axis: 0 | 1): Message {
  return msg("PC {0} · {1} of the variance", axis + 1, percent(explained[axis] ?? 0, 1));
}

/** What a lasso caught. */
export function caughtSentence(count: number, selected: number): Message {
  if (count === 0) return msg("No point lies inside the lasso.");
  if (selected === 0) return count === 1 ? msg("One point lies inside the lasso.") : msg("{0} points lie inside the lasso.", compact(count));
  if (selected === count) return count === 1 ? msg("One point lies inside; its row is selected in the editor.") : msg("{0} points lie inside; their rows are selected in the editor.", compact(count));
  return msg("{0} points lie inside; the rows of {1} are selected in the editor.", compact(count), compact(selected));
}

/** One sentence for the figure. */
export function figureLabel(map: MapPart, { d }: VectorsTrace, iteration: number): Message {
  const count = compact(map.m);
  switch (map.projection) {
    case "pca":
      return msg("Map of {0} vectors of {1} dimensions by PCA; the two directions hold {2} of the variance.", count, d, percent((map.explained[0] ?? 0) + (map.explained[1] ?? 0), 1));
    case "tsne":
      return msg("Map of {0} vectors of {1} dimensions by t-SNE, at iteration {2}.", count, d, iteration);
    case "umap":
      return msg("Map of {0} vectors of {1} dimensions by UMAP, at iteration {2}.", count, d, iteration);
  }
}
