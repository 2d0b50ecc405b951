import { curveBasisClosed, line, select } from "d3";
import { msg, type Message, type Span } from "../../core/contract/index.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import type { Palette } from "../marks/palette.js";
import { compact } from "../text/number.js";

/** Rows that a lasso caught. The outline is in the plane's coordinates, so that it survives a change of size. */
export type Caught = {
  readonly trace: MixtureTrace;
  readonly plane: string;
  readonly outline: readonly (readonly [number, number])[];
  readonly rows: Int32Array;
  readonly mask: Uint8Array; // [M]
};

/** Above so many rows, rows on successive lines become one selection. */
const spanLimit = 2000;

/** The rows' spans for the editor's selection; none for sources without text. */
export function spansOf(trace: MixtureTrace, rows: Int32Array): Span[] {
  const { spans, lines } = trace;
  if (!spans) return [];
  const out: { start: number; end: number }[] = [];
  let before = -2;
  for (const i of rows) {
    const span = { start: spans[2 * i], end: spans[2 * i + 1] };
    const last = out[out.length - 1];
    if (rows.length > spanLimit && last && lines[i] === lines[before] + 1) last.end = span.end;
    else out.push(span);
    before = i;
  }
  return out;
}

/** "14 rows, lines 55 to 147, are selected in the editor." */
export function caughtSentence(trace: MixtureTrace, rows: Int32Array): Message {
  if (rows.length === 0) return msg("No point lies inside the lasso.");
  const [first, last] = [trace.lines[rows[0]], trace.lines[rows[rows.length - 1]]].map(String);
  const sampled = rows.length > 0 && trace.lines.length < trace.N;
  if (!trace.spans) {
    return msg("{0} rows lie inside, from row {1} to {2}. The file is not open in an editor, so they can't be selected there.",
      compact(rows.length), first, last);
  }
  if (rows.length === 1) return msg("One row, line {0}, is selected in the editor. Esc lets go.", first);
  return sampled
    ? msg("{0} of the rows drawn, lines {1} to {2}, are selected in the editor. Esc lets go.", compact(rows.length), first, last)
    : msg("{0} rows, lines {1} to {2}, are selected in the editor. Esc lets go.", compact(rows.length), first, last);
}

export function maskOf(rows: Int32Array, M: number): Uint8Array {
  const mask = new Uint8Array(M);
  for (const i of rows) mask[i] = 1;
  return mask;
}

/** Draws the lasso's outline, given in pixels; null takes it away. */
export function drawLasso(g: SVGGElement, outline: readonly (readonly [number, number])[] | null, palette: Palette): void {
  const path = line().curve(curveBasisClosed);
  select(g)
    .selectAll("path")
    .data(outline ? [outline] : [])
    .join("path")
    .attr("class", "mixture-lasso")
    .attr("d", (d) => path(d as [number, number][]))
    .attr("fill", palette.ink)
    .attr("fill-opacity", 0.06)
    .attr("stroke", palette.ink)
    .attr("stroke-width", 1.25)
    .attr("stroke-dasharray", "4 3");
}
