import { msg, type Message, type Span } from "../contract/index.js";
import { shortByteText } from "../text/byteText.js";
import { decimal, grouped } from "../text/numberText.js";
import { isSingle, pretty } from "./expressionText.js";
import { isDistance } from "./heatmap.js";
import { mapDimensions } from "./map/mapDimensions.js";
import { oneHotMemory } from "./oneHot.js";
import type { Tab } from "./params.js";
import type { HeatmapPart, MapPart, NeighboursPart, OneHotPart, VectorsTrace } from "./trace.js";

/** A piece of the sentence under the headline: text, or a link to a row. */
export type StoryPiece = { readonly kind: "text"; readonly text: Message } | { readonly kind: "link"; readonly text: Message; readonly span: Span };
export type Story = { readonly title: Message; readonly lede: readonly StoryPiece[] };

/** Headline and one line under it for a tab, from its part of the trace; `step` is the kept layout of a map. */
export function vectorStory(trace: VectorsTrace, tab: Tab, step = Infinity): Story {
  const { heatmap, neighbours, map, oneHot } = trace;
  if (tab === "heatmap" && heatmap) return heatmapStory(trace, heatmap);
  if (tab === "neighbours" && neighbours) return neighboursStory(trace, neighbours);
  if (tab === "map" && map) return mapStory(trace, map, step);
  if (tab === "onehot" && oneHot) return oneHotStory(oneHot);
  return tab === "strips" ? stripsStory(trace) : { title: msg("Nothing to show here yet"), lede: [] };
}

/** A number with four significant digits at least where it is small, as in distances; cosines with `digits`. */
function numberText(value: number, bounded: boolean, digits = 3): string {
  if (bounded) return decimal(value, digits);
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(2).replaceAll("-", "\u2212").replace("e+", "e");
  return decimal(value, size >= 100 ? 1 : digits);
}

/** Three decimals, or as many as tell two values apart, six at most. */
function digitsApart(a: number, b: number): number {
  let digits = 3;
  while (digits < 6 && a !== b && decimal(a, digits) === decimal(b, digits)) digits++;
  return digits;
}

function heatmapStory(trace: VectorsTrace, { metric, closest, farthest }: HeatmapPart): Story {
  const { n, names, stated } = trace;
  const wrong = stated.find(({ agrees }) => !agrees);
  if (wrong && metric === "cosine") {
    const digits = 4;
    const said = decimal(wrong.stated, Math.max(2, decimals(wrong.stated)));
    return {
      title: msg("The text says {0}; the numbers give {1}", said, decimal(wrong.cosine, digits)),
      lede: [
        text(msg("The cosine of ")), ...rowPiece(trace, wrong.a), text(msg(" with ")), ...rowPiece(trace, wrong.b),
        text(msg(" is {0}, not {1} as stated in ", decimal(wrong.cosine, digits), said)),
        { kind: "link", text: msg("line {0}", wrong.line), span: wrong.span }, text(msg(".")),
      ],
    };
  }
  if (!closest || !farthest) {
    return { title: n === 1 ? msg("{0} stands alone", short(names[0])) : msg("Nothing can be compared"), lede: n === 1 ? [text(msg("Select more to compare it with; its neighbours are known already."))] : [text(msg("Fewer than two of the vectors have a direction, so no pair has a value."))] };
  }
  const bounded = metric !== "dot" && !isDistance(metric);
  const digits = n === 2 ? 4 : digitsApart(closest.value, farthest.value);
  const value = (v: number): string => numberText(v, bounded, digits);
  const { a, b } = closest;
  if (n === 2) {
    const title = bounded && metric === "cosine" ? direction(closest.value, names[a], names[b]) : msg("{0} and {1}, compared", short(names[a]), short(names[b]));
    return { title, lede: [text(measured(metric, value(closest.value)))] };
  }
  const title = trace.origin === "words" ? msg("{0} and {1} are the closest of {2} words", short(names[a]), short(names[b]), grouped(n)) : msg("{0} and {1} are the closest of {2} vectors", short(names[a]), short(names[b]), grouped(n));
  return {
    title,
    lede: [
      text(measured(metric, value(closest.value))), text(msg(" The farthest pair is ")), ...rowPiece(trace, farthest.a), text(msg(" with ")), ...rowPiece(trace, farthest.b),
      text(isDistance(metric) ? msg(": {0}. The stronger the colour, the farther apart the pair.", value(farthest.value)) : msg(": {0}. The stronger the colour, the closer the pair.", value(farthest.value))),
    ],
  };
}

function measured(metric: HeatmapPart["metric"], value: string): Message {
  switch (metric) {
    case "cosine":
      return msg("Their cosine is {0}.", value);
    case "dot":
      return msg("Their dot product is {0}.", value);
    case "euclidean":
      return msg("Their Euclidean distance is {0}.", value);
    case "manhattan":
      return msg("Their Manhattan distance is {0}.", value);
    case "pearson":
      return msg("Their Pearson correlation is {0}.", value);
    case "spearman":
      return msg("Their Spearman correlation is {0}.", value);
  }
}

function direction(cosine: number, a: string, b: string): Message {
  const [first, second] = [short(a), short(b)];
  if (cosine > 0.9999995) return msg("{0} and {1} point the same way", first, second);
  if (cosine >= 0.9) return msg("{0} and {1} point almost the same way", first, second);
  if (cosine >= 0.3) return msg("{0} and {1} point a similar way", first, second);
  if (cosine > -0.3) return msg("{0} and {1} have little in common", first, second);
  if (cosine > -0.9) return msg("{0} and {1} point away from each other", first, second);
  return msg("{0} and {1} are opposites", first, second);
}

function neighboursStory(trace: VectorsTrace, { query, method, search, answer }: NeighboursPart): Story {
  if (!answer.ok) return { title: msg("The question can't be answered yet"), lede: [text(msg("Its place is underlined below, with what to change."))] };
  const { names, scores, asked, indices } = answer;
  const question = short(isSingle(asked) ? asked.terms[0].name : pretty(query.trim()));
  if (names.length === 0) return { title: msg("Nothing is near {0}", question), lede: [text(msg("All that could be listed is part of the question. Count its words in, or search elsewhere."))] };
  const best = search === "rows" && indices[0] >= 0 ? rowPiece(trace, indices[0]) : [text(msg("{0}", short(names[0])))];
  const score = decimal(scores[0], 3);
  const first = method === "3CosMul" ? msg(" scores {0} by the product of its cosines", score) : msg(" has a cosine of {0}", score);
  const rest = names.length > 1 ? msg("; {0} follows with {1}.", short(names[1]), decimal(scores[1], 3)) : msg(".");
  return { title: msg("{0} is nearest to {1}", short(names[0]), question), lede: [...best, text(first), text(rest)] };
}

/** The number of largest magnitude of a trace, looked for once. */
const largest = new WeakMap<VectorsTrace, { readonly row: number; readonly dimension: number }>();

function stripsStory(trace: VectorsTrace): Story {
  const { n, d, values, strips, origin } = trace;
  const title = origin === "words" ? msg("{0} words, number by number", grouped(n)) : msg("{0} vectors, number by number", grouped(n));
  if (!values || n === 0) return { title, lede: [] };
  let found = largest.get(trace);
  if (!found) {
    let at = 0;
    for (let i = 1; i < n * d; i++) if (Math.abs(values[i]) > Math.abs(values[at])) at = i;
    found = { row: Math.floor(at / d), dimension: at % d };
    largest.set(trace, found);
  }
  const { row, dimension } = found;
  const lede: StoryPiece[] = [
    text(msg("Each cell is one of {0} numbers. The farthest from zero is {1}, dimension {2} of ", grouped(d), numberText(values[row * d + dimension], false), dimension + 1)),
    ...rowPiece(trace, row), text(msg(".")),
  ];
  const made = strips?.rows.filter((each) => each.ok).length ?? 0;
  if (made > 0) lede.push(text(made === 1 ? msg(" One row is computed from others.") : msg(" {0} rows are computed from others.", made)));
  return { title, lede };
}

function mapStory(trace: VectorsTrace, map: MapPart, step: number): Story {
  const { projection, m, explained, iterations, finished, cut } = map;
  const rest = cut ? [text(msg(" ")), text(cut)] : [];
  if (projection === "pca") {
    const percent = (share: number): string => decimal(100 * share, 1);
    const [x, y] = [explained[0] ?? 0, explained[1] ?? 0];
    const d = mapDimensions(trace, map);
    return {
      title: msg("Two directions hold {0}% of the variance", percent(x + y)),
      lede: [
        text(msg("{0}% lies along the first, {1}% along the second", percent(x), percent(y))),
        text(d > 3 ? msg(". The map leaves out the other {0} directions.", grouped(d - 2)) : d === 3 ? msg(". The map leaves out the third.") : msg(".")),
        ...rest,
      ],
    };
  }
  const at = iterations[Math.max(0, Math.min(iterations.length - 1, Math.round(step)))] ?? 0;
  const title = projection === "tsne" ? msg("{0} points, neighbours kept together by t-SNE", grouped(m)) : msg("{0} points, neighbours kept together by UMAP", grouped(m));
  const place = finished || step < iterations.length - 1 ? msg("Iteration {0}. ", grouped(at)) : msg("Stopped at iteration {0}. ", grouped(at));
  const caution = projection === "tsne" ? msg("Who stands beside whom means something; sizes of groups and the gaps between them mean little.") : msg("Who stands beside whom means something; distances between groups mean less.");
  return { title, lede: [text(place), text(caution), ...rest] };
}

function oneHotStory({ words, total, d, from }: OneHotPart): Story {
  const V = 10_000;
  // Numbers that were drawn only to be seen are few; a table of words has about a hundred.
  const width = from === "random" ? 100 : d;
  const { oneHot, dense } = oneHotMemory(V, width);
  const title = total === 1 ? msg("One word, one number that is 1") : msg("As one-hot rows, no word is like another: every cosine is 0");
  const lede = [text(msg("Each of {0} words takes {0} numbers, all but one of them 0. With {1} dense numbers a word, {2} words need {3} instead of {4}.", grouped(total), grouped(width), grouped(V), shortByteText(dense), shortByteText(oneHot)))];
  if (from === "random") lede.push(text(msg(" The numbers of Q are drawn at random, as before any training.")));
  if (total > words.length) lede.push(text(msg(" The first {0} words are shown.", grouped(words.length))));
  return { title, lede };
}

function decimals(value: number): number {
  return /\.(\d+)$/.exec(String(value))?.[1].length ?? 0;
}

/** A row's name, as a link where it stands in a text. */
function rowPiece({ names, spans }: VectorsTrace, row: number): StoryPiece[] {
  const name = msg("{0}", short(names[row]));
  return [spans ? { kind: "link", text: name, span: { start: spans[2 * row], end: spans[2 * row + 1] } } : text(name)];
}

function short(name: string): string {
  const chars = [...name];
  return chars.length > 48 ? `${chars.slice(0, 47).join("")}…` : name;
}

function text(message: Message): StoryPiece {
  return { kind: "text", text: message };
}
