import { setAttributes, svg } from "../marks/dom.js";
import { textWidth, wrapped } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { configText } from "./compareConfig.js";
import { barShare, metricText, type MetricColumn } from "./compareMetrics.js";
import type { ComparedStrategy } from "./compareRow.js";
import { piecesOf, tokenTint } from "./compareTokens.js";

const nameWidth = 170;
const textSpan = 420;
const metricWidth = 72;
const lineHeight = 21;

type Piece = { readonly text: string; readonly x: number; readonly line: number; readonly width: number; readonly token: number };

/** The comparison as one picture for files, since what the screen shows is running text. */
export function drawComparePicture(root: SVGSVGElement, strategies: readonly ComparedStrategy[], columns: readonly MetricColumn[], palette: Palette): void {
  const font = `12px ${palette.mono}`;
  const left = nameWidth + textSpan + 20;
  const width = left + columns.length * metricWidth;
  const parts: SVGElement[] = columns.map((column, i) => svg("text", { x: left + (i + 1) * metricWidth - 12, y: 12, "text-anchor": "end", class: "quiet-text" }, column.title));
  let top = 22;
  for (const strategy of strategies) {
    const { name, config, metrics, problem } = strategy;
    parts.push(svg("line", { x1: 0, x2: width, y1: top, y2: top, stroke: palette.border }), svg("text", { x: 0, y: top + 20, class: "strong-text" }, name));
    const params = wrapped(configText(config), nameWidth - 10, `11px ${palette.mono}`);
    params.forEach((line, i) => parts.push(svg("text", { x: 0, y: top + 37 + i * 15, class: "mono-text quiet-text" }, line)));
    const pieces = problem ? [] : laidOut(strategy, font);
    for (const { text, x, line, width: span, token } of pieces) {
      const [px, y] = [nameWidth + x, top + 8 + line * lineHeight];
      parts.push(svg("rect", { x: px, y, width: span, height: lineHeight - 2, fill: tokenTint(palette, strategy.modelProbability[token]) }), svg("text", { x: px, y: y + 14, class: "mono-text", "xml:space": "preserve" }, text));
      if (strategy.repeated[token] === 1) parts.push(svg("path", { d: wave(px, y + 18, span), fill: "none", stroke: palette.red, "stroke-width": 1.2 }));
    }
    columns.forEach((column, i) => {
      const value = problem ? null : column.value(metrics);
      const x = left + i * metricWidth + 12;
      const span = metricWidth - 24;
      parts.push(svg("text", { x: x + span, y: top + 20, "text-anchor": "end" }, metricText(column, value)), svg("rect", { x, y: top + 28, width: span, height: 4, fill: palette.grid }));
      if (value !== null) parts.push(svg("rect", { x, y: top + 28, width: Math.max(1, span * barShare(column, value, strategies.map((each) => column.value(each.metrics)))), height: 4, fill: column.red !== undefined && value >= column.red ? palette.red : palette.quiet }));
    });
    const lines = Math.max(1, ...pieces.map(({ line }) => line + 1));
    top += Math.max(lines * lineHeight + 18, 46 + params.length * 15);
  }
  setAttributes(root, { width, height: top });
  root.replaceChildren(...parts);
}

/** Tokens on lines: words that do not fit begin the next, however many tokens they have; line breaks of the text count. */
function laidOut({ text, ends }: ComparedStrategy, font: string): Piece[] {
  const parts = piecesOf(text, ends).flatMap((piece, token) => piece.split("\n").map((part, i) => ({ text: part, token, breaks: i > 0 })));
  const pieces: Piece[] = [];
  let [x, line] = [0, 0];
  parts.forEach((part, i) => {
    if (part.breaks) [x, line] = [0, line + 1];
    const begins = i === 0 || /^\s/.test(part.text);
    let word = part.text;
    for (let j = i + 1; begins && j < parts.length && !parts[j].breaks && !/^\s/.test(parts[j].text); j++) word += parts[j].text;
    if (x > 0 && x + textWidth(begins ? word : part.text, font) > textSpan) [x, line] = [0, line + 1];
    const shown = x === 0 ? part.text.trimStart() : part.text;
    const width = textWidth(shown, font);
    if (shown !== "") pieces.push({ text: shown, x, line, width, token: part.token });
    x += width;
  });
  return pieces;
}

function wave(x: number, y: number, width: number): string {
  let d = `M${x.toFixed(1)} ${y}`;
  for (let at = 0; at < width; at += 4) d += `q1 -2.4 2 0t2 0`;
  return d;
}
