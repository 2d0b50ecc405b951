import { msg, type Message, type Problem, type Span } from "../contract/index.js";
import type { DocumentVectors } from "./document/vectorList.js";
import type { TextVectors } from "./input.js";

export type ChosenVectors = { readonly vectors: TextVectors; readonly focus: number | null; readonly notes: readonly Problem[] };

/** Lines that a sentence names. */
const NAMED = 5;

/**
 * Of the vectors that some spans touch those of the most frequent length whose numbers are all finite; of one alone, all of
 * the document that are as long. Undefined where the spans touch none that can be compared with another.
 */
export function chooseVectors(found: DocumentVectors, spans: readonly Span[]): ChosenVectors | { readonly problem: Problem } | undefined {
  const touched = within(found, spans);
  if (touched.length === 0) return undefined;
  const d = mostFrequent(touched.map((i) => lengthOf(found, i)));
  const alike = touched.filter((i) => lengthOf(found, i) === d);
  const notes: Problem[] = [];
  const others = touched.filter((i) => lengthOf(found, i) !== d);
  if (others.length > 0) {
    notes.push(warning(found, others[0], others.length === 1
      ? msg("One vector of another length was left out (line {0}): it has {1} numbers, the others have {2}.", found.lines[others[0]], lengthOf(found, others[0]), d)
      : msg("{0} vectors of other lengths were left out (lines {1}): the most frequent length is {2}.", others.length, linesText(found, others), d)));
  }
  let finite = alike.filter((i) => !Number.isNaN(found.norms[i]));
  if (finite.length < alike.length) {
    const broken = alike.filter((i) => Number.isNaN(found.norms[i]));
    notes.push(warning(found, broken[0], broken.length === 1
      ? msg("One vector with numbers that are missing, NaN or infinite was left out (line {0}). Give it numbers to compare it.", found.lines[broken[0]])
      : msg("{0} vectors with numbers that are missing, NaN or infinite were left out (lines {1}). Give them numbers to compare them.", broken.length, linesText(found, broken))));
  }
  if (finite.length === 0) return { problem: { ...notes[notes.length - 1], severity: "error" } };
  let focus: number | null = null;
  if (finite.length === 1) {
    const [one] = finite;
    finite = Array.from({ length: found.n }, (_, i) => i).filter((i) => lengthOf(found, i) === d && !Number.isNaN(found.norms[i]));
    if (finite.length === 1) return { problem: alone(found, one) };
    focus = finite.indexOf(one);
    if (touched.length === 1 && found.n > 1) {
      notes.push({ severity: "info", message: msg("One vector is selected, so it is compared with all {0} of its length in the document.", finite.length) });
    }
  }
  return { vectors: pack(found, finite, d), focus, notes };
}

function within({ n, starts, ends, nameStarts, nameEnds }: DocumentVectors, spans: readonly Span[]): number[] {
  const meets = (from: number, to: number): boolean => from >= 0 && spans.some(({ start, end }) => start < to && end > from);
  const whole = spans.length === 1 && spans[0].start <= 0;
  const rows = Array.from({ length: n }, (_, i) => i);
  if (whole && n > 0 && spans[0].end >= ends[n - 1]) return rows;
  return rows.filter((i) => meets(starts[i], ends[i]) || meets(nameStarts[i], nameEnds[i]));
}

function lengthOf({ offsets }: DocumentVectors, i: number): number {
  return offsets[i + 1] - offsets[i];
}

/** The most frequent; of equally frequent ones the first. */
function mostFrequent(lengths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function linesText({ lines }: DocumentVectors, rows: readonly number[]): string {
  const named = [...new Set(rows.map((i) => lines[i]))];
  return named.slice(0, NAMED).join(", ") + (named.length > NAMED ? " …" : "");
}

function warning(found: DocumentVectors, i: number, message: Message): Problem {
  return { severity: "warning", message, span: { start: found.starts[i], end: found.ends[i] }, line: found.lines[i] };
}

function alone(found: DocumentVectors, i: number): Problem {
  return {
    severity: "error",
    title: msg("One vector is alone"),
    message: msg("Only one vector of {0} numbers stands here (line {1}). Select at least two of one length to compare them.", lengthOf(found, i), found.lines[i]),
    span: { start: found.starts[i], end: found.ends[i] },
    line: found.lines[i],
  };
}

function pack(found: DocumentVectors, rows: readonly number[], d: number): TextVectors {
  const values = new Float64Array(rows.length * d);
  for (const [r, i] of rows.entries()) values.set(found.values.subarray(found.offsets[i], found.offsets[i + 1]), r * d);
  return {
    n: rows.length,
    d,
    names: uniqueNames(rows.map((i) => found.names[i]), rows.map((i) => found.lines[i])),
    values,
    norms: Float64Array.from(rows, (i) => found.norms[i]),
    spans: Int32Array.from({ length: 2 * rows.length }, (_, j) => (j % 2 === 0 ? found.starts : found.ends)[rows[j >> 1]]),
    lines: Int32Array.from(rows, (i) => found.lines[i]),
  };
}

/** Names, each once: one that stands twice gets its line, "king (L12)"; one that is missing is its line, "L12". */
export function uniqueNames(names: readonly string[], lines: ArrayLike<number>): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return names.map((name, i) => {
    const stem = name === "" ? `L${lines[i]}` : counts.get(name)! > 1 ? `${name} (L${lines[i]})` : name;
    let unique = stem;
    for (let k = 2; taken.has(unique); k++) unique = `${stem} #${k}`;
    taken.add(unique);
    return unique;
  });
}
