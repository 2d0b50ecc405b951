import { msg, type Message } from "../../core/contract/index.js";
import type { OneHotPart } from "../../core/vectors/trace.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import { numbersPerCell, paintStrip, type SignScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";

/** Words drawn at once; of more, those around the chosen one. */
export const MOST_WORDS = 100;
const TOP = 20;

export type OneHotActions = { choose(word: number): void; point(dimension: number | null, spoken: boolean): void };
export type OneHotPicture = {
  readonly part: OneHotPart;
  readonly word: number;
  readonly dimension: number;
  readonly scale: SignScale;
  readonly width: number;
  readonly label: string;
};
export type OneHotFigure = {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly svg: SVGSVGElement;
  draw(picture: OneHotPicture): void;
  /** Shows the row going from the matrix to the product. */
  fall(): void;
};

type Layout = {
  readonly first: number; readonly count: number; readonly rowHeight: number; readonly labels: number;
  readonly oneX: number; readonly oneWidth: number; readonly qX: number; readonly qWidth: number;
  readonly bottom: number; readonly productY: number; readonly productHeight: number;
};

/** One-hot rows beside the embedding matrix; below, one of them times the matrix, which is a row of it. */
export function createOneHotFigure(host: ViewHost, { choose, point }: OneHotActions): OneHotFigure {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const figure = svg("svg", { class: "onehot-figure", role: "application", tabindex: "0", "aria-roledescription": host.t(msg("picture")) });
  const element = h("div", { class: "strips-stage" }, canvas, figure);
  const falling = svg("rect", { fill: "none", "stroke-width": 2, "pointer-events": "none", "data-export": "none", visibility: "hidden" });
  const layer = svg("g");
  figure.append(layer, falling);
  let shown: { readonly picture: OneHotPicture; readonly layout: Layout } | undefined;
  let painted: readonly unknown[] = [];

  const placeOf = (event: MouseEvent): { word: number | null; dimension: number | null } => {
    if (!shown) return { word: null, dimension: null };
    const { picture: { part }, layout } = shown;
    const box = figure.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const row = Math.floor((y - TOP) / layout.rowHeight);
    const share = (x - layout.qX) / layout.qWidth;
    return {
      word: row >= 0 && row < layout.count ? layout.first + row : null,
      dimension: share >= 0 && share < 1 ? Math.floor(share * part.d) : null,
    };
  };
  figure.addEventListener("pointermove", (event) => point(placeOf(event).dimension, false));
  figure.addEventListener("pointerleave", () => point(null, false));
  figure.addEventListener("click", (event) => {
    const { word } = placeOf(event as MouseEvent);
    if (word !== null) choose(word);
  });
  figure.addEventListener("keydown", (event) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const { picture: { part: { words, d }, word, dimension } } = shown;
    const row = { ArrowUp: word - 1, ArrowDown: word + 1, Home: 0, End: words.length - 1 }[event.key];
    const column = { ArrowLeft: dimension - 1, ArrowRight: dimension + 1 }[event.key];
    // What is drawn follows with the next frame; another key may come before it.
    const go = (picture: OneHotPicture): void => {
      if (shown) shown = { ...shown, picture };
    };
    if (row !== undefined) {
      const next = Math.max(0, Math.min(words.length - 1, row));
      go({ ...shown.picture, word: next });
      choose(next);
    } else if (column !== undefined) {
      const next = Math.max(0, Math.min(d - 1, column));
      go({ ...shown.picture, dimension: next });
      point(next, true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function layOut({ part: { words }, word, width }: OneHotPicture): Layout {
    const { font } = host.palette();
    const count = Math.min(words.length, MOST_WORDS);
    const first = Math.max(0, Math.min(words.length - count, word - Math.floor(count / 2)));
    const rowHeight = Math.max(5, Math.min(24, 420 / count));
    const widest = Math.max(24, ...words.slice(first, first + count).map((each) => textWidth(each, `600 12px ${font}`)));
    const labels = Math.ceil(Math.min(widest, width < 480 ? 60 : 120)) + 8;
    const gap = width < 480 ? 20 : 44;
    const room = width - labels - gap;
    const oneWidth = Math.round(Math.min(count * rowHeight, room * 0.45));
    const qX = labels + oneWidth + gap;
    const bottom = TOP + count * rowHeight;
    return {
      first, count, rowHeight, labels, oneX: labels, oneWidth, qX, qWidth: Math.max(40, Math.min(width - qX - 1, 640)),
      bottom, productY: bottom + 28, productHeight: Math.max(20, Math.min(24, rowHeight)),
    };
  }

  function paint({ part, word, scale, width }: OneHotPicture, at: Layout): void {
    const palette = host.palette();
    const now = [part, word, scale, width, palette];
    if (now.every((value, i) => value === painted[i])) return;
    painted = now;
    const context = sizeCanvas(canvas, width, at.productY + at.productHeight + 1);
    if (!context) return;
    const cell = at.oneWidth / at.count;
    const one = (index: number, y: number, height: number): void => {
      context.fillStyle = palette.strength(0.85);
      context.fillRect(at.oneX + (index - at.first) * cell, y, Math.max(1.5, cell), height);
    };
    const { q, d } = part;
    for (let i = 0; i < at.count; i++) {
      const y = TOP + i * at.rowHeight;
      const gap = at.rowHeight >= 12 ? 1 : 0;
      one(at.first + i, y, at.rowHeight - gap);
      const row = at.first + i;
      paintStrip(context, q.subarray(row * d, (row + 1) * d), null, 0, d, { x: at.qX, y, width: at.qWidth, height: at.rowHeight - gap }, scale);
    }
    one(word, at.productY, at.productHeight);
    paintStrip(context, q.subarray(word * d, (word + 1) * d), null, 0, d, { x: at.qX, y: at.productY, width: at.qWidth, height: at.productHeight }, scale);
  }

  function overlay({ part, word, dimension, scale, width }: OneHotPicture, at: Layout): void {
    const palette = host.palette();
    const { words, q, d } = part;
    const edge = { fill: "none", stroke: palette.axis, "stroke-opacity": palette.contrast ? 1 : 0.6 };
    const text = (x: number, y: number, content: string, anchor: "start" | "middle" | "end", className: string): SVGElement => svg("text", { x, y, "text-anchor": anchor, class: className }, content);
    const parts: SVGElement[] = [];
    const wordY = TOP + (word - at.first) * at.rowHeight;
    const cell = at.oneWidth / at.count;
    const every = Math.ceil(14 / at.rowHeight);
    const aside = `11px ${palette.font}`;
    // The longest caption that there is room for.
    const fitting = (captions: readonly Message[], width: number): string => {
      const said = captions.map((caption) => host.t(caption));
      return said.find((caption) => textWidth(caption, aside) <= width) ?? shortened(said[said.length - 1], width, aside);
    };
    parts.push(
      text(at.oneX, 12, fitting([msg("one-hot rows, {0} × {0}", fixed(words.length, 0)), msg("one-hot, {0} × {0}", fixed(words.length, 0)), msg("one-hot")], at.qX - at.oneX - 4), "start", "q"),
      text(at.qX, 12, fitting([msg("Q, the embedding matrix, {0} × {1}", fixed(words.length, 0), fixed(d, 0)), msg("Q, {0} × {1}", fixed(words.length, 0), fixed(d, 0))], at.qWidth), "start", "q"),
    );
    for (let i = 0; i < at.count; i++) {
      const index = at.first + i;
      const far = Math.abs(index - word) * at.rowHeight >= 14;
      if (index !== word && !(i % every === 0 && far)) continue;
      const y = TOP + (i + 0.5) * at.rowHeight + 4;
      const strong = index === word;
      const label = text(at.labels - 8, y, shortened(words[index], at.labels - 8, `${strong ? "600 " : ""}12px ${palette.font}`), "end", strong ? "t12 b" : "t12");
      label.append(svg("title", {}, words[index]));
      parts.push(label);
    }
    parts.push(svg("rect", { x: at.oneX - 0.5, y: TOP - 0.5, width: at.oneWidth + 1, height: at.count * at.rowHeight, ...edge }), svg("rect", { x: at.qX - 0.5, y: TOP - 0.5, width: at.qWidth + 1, height: at.count * at.rowHeight, ...edge }));
    const y = at.productY;
    parts.push(svg("rect", { x: at.oneX - 0.5, y: y - 0.5, width: at.oneWidth + 1, height: at.productHeight + 1, ...edge }), svg("rect", { x: at.qX - 0.5, y: y - 0.5, width: at.qWidth + 1, height: at.productHeight + 1, ...edge }));
    parts.push(text(at.labels - 8, y + at.productHeight / 2 + 4, "x", "end", "t12 b"), text(at.qX - (at.qX - at.oneX - at.oneWidth) / 2, y + at.productHeight / 2 + 4, width < 480 ? "·Q" : "· Q =", "middle", "t12 b"));
    const numbers = (row: number, top: number, height: number): void => {
      if (at.qWidth / d < 36 || height < 14) return;
      for (let j = 0; j < d; j++) {
        const value = q[row * d + j];
        const label = text(at.qX + ((j + 0.5) / d) * at.qWidth, top + height / 2 + 4, fixed(value, 2), "middle", "cell");
        label.style.fill = scale.ink(value);
        parts.push(label);
      }
    };
    const digits = (index: number, top: number, height: number): void => {
      if (cell < 14 || height < 14) return;
      for (let i = 0; i < at.count; i++) {
        const hot = at.first + i === index;
        const label = text(at.oneX + (i + 0.5) * cell, top + height / 2 + 4, hot ? "1" : "0", "middle", hot ? "cell b" : "cell q");
        if (hot) label.style.fill = palette.inkOn(palette.strength(0.85));
        parts.push(label);
      }
    };
    for (let i = 0; i < at.count; i++) {
      digits(at.first + i, TOP + i * at.rowHeight, at.rowHeight);
      numbers(at.first + i, TOP + i * at.rowHeight, at.rowHeight);
    }
    digits(word, y, at.productHeight);
    numbers(word, y, at.productHeight);
    // The look-up: the row of x, its 1, the row of Q with that number, the product.
    const outline = { fill: "none", stroke: palette.ink, "stroke-width": 1.5 };
    parts.push(svg("rect", { class: "onehot-x", x: at.oneX - 1.5, y: wordY - 1.5, width: at.oneWidth + 3, height: at.rowHeight + 2, ...outline }));
    parts.push(svg("rect", { class: "onehot-row", x: at.qX - 1.5, y: wordY - 1.5, width: at.qWidth + 3, height: at.rowHeight + 2, ...outline }));
    parts.push(svg("path", { class: "onehot-link", d: `M${at.oneX + at.oneWidth + 2} ${wordY + at.rowHeight / 2}H${at.qX - 3}m-4 -3l4 3l-4 3`, ...outline, "stroke-width": 1.2 }));
    parts.push(svg("rect", { class: "onehot-product", x: at.qX - 1.5, y: y - 1.5, width: at.qWidth + 3, height: at.productHeight + 3, ...outline }));
    const perCell = numbersPerCell(d, at.qWidth);
    const start = Math.floor(dimension / perCell) * perCell;
    const columnWidth = Math.max(3, (Math.min(perCell, d - start) / d) * at.qWidth);
    parts.push(svg("rect", { class: "onehot-dimension", x: at.qX + (start / d) * at.qWidth - 0.5, y: TOP - 3, width: columnWidth + 1, height: y + at.productHeight - TOP + 6, fill: "none", stroke: palette.ink, "stroke-dasharray": "2 2", "pointer-events": "none" }));
    layer.replaceChildren(...parts);
    setAttributes(falling, { x: at.qX - 1.5, y: wordY - 1.5, width: at.qWidth + 3, height: at.productHeight + 3, stroke: palette.focus });
  }

  return {
    element, canvas, svg: figure,
    draw(picture) {
      const layout = layOut(picture);
      shown = { picture, layout };
      paint(picture, layout);
      overlay(picture, layout);
      setAttributes(figure, { width: picture.width, height: layout.productY + layout.productHeight + 6, "aria-label": picture.label });
    },
    fall() {
      if (host.reducedMotion || !shown) return;
      const { picture: { word }, layout } = shown;
      const way = layout.productY - (TOP + (word - layout.first) * layout.rowHeight);
      falling.setAttribute("visibility", "visible");
      falling.animate([{ transform: "translateY(0px)" }, { transform: `translateY(${way}px)` }], { duration: 240, easing: "cubic-bezier(0.65, 0, 0.35, 1)" })
        .addEventListener("finish", () => falling.setAttribute("visibility", "hidden"));
    },
  };
}
