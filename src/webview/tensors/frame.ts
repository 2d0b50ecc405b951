import { msg, type Message } from "../../core/contract/index.js";
import type { Plane, Window } from "../../core/formats/tensors.js";
import type { TensorAction, TensorInfo, TensorScale, TensorWindow } from "../../core/protocol.js";
import { button } from "../controls/toolkit.js";
import { h, linkButton } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { percent } from "../text/number.js";
import { createAxes } from "./axes.js";
import { createFacts } from "./facts.js";
import { createHeatmap, type Heatmap, type HeatmapEvents, type Spot } from "./heatmap.js";
import { createKey } from "./key.js";
import { createList } from "./list.js";
import { createMetadata } from "./metadata.js";
import type { TensorModel } from "./model.js";
import { mayBeAttention } from "./places.js";
import { countSentence, shapeWords, storageSentence } from "./sentences.js";
import { createToolbar, type Toolbar } from "./toolbar.js";
import { createTwin } from "./twin.js";
import type { Corner, Extent } from "./viewport.js";

export type FrameEvents = HeatmapEvents & {
  choose(index: number): void;
  filter(filter: string): void;
  plane(plane: Plane): void;
  scale(scale: TensorScale): void;
  zoom(by: number): void;
  go(row: number, col: number | undefined): void;
  table(): void;
  count(): void;
  stopCounting(): void;
  reload(): void;
  action(type: TensorAction): void;
  python(): void;
};

export type FileState = {
  readonly model: TensorModel;
  readonly tensor: TensorInfo | undefined;
  readonly filter: string;
  readonly notice: string;
  readonly palette: Palette;
  readonly table: boolean;
};

export type WindowState = {
  readonly tensor: TensorInfo;
  readonly plane: Plane;
  readonly extent: Extent;
  readonly corner: Corner;
  readonly seen: Window;
  readonly answer: TensorWindow | undefined;
  readonly limit: number;
  readonly scale: TensorScale;
  readonly palette: Palette;
  readonly found: { readonly nan: number; readonly infinite: number; readonly largest: number };
  readonly table: boolean;
  readonly cursor: Spot | null;
  readonly readout: { readonly text: string; readonly more: string };
  readonly label: string;
  rowLabel(row: number): string;
};

export interface Frame {
  /** The column of the chosen array. */
  readonly main: HTMLElement;
  readonly heatmap: Heatmap;
  readonly toolbar: Toolbar;
  /** Pixels that the column has. */
  width(): number;
  drawFile(state: FileState): void;
  /** Undefined where there is no window to draw. */
  drawWindow(state: WindowState | undefined): void;
  /** Says why an action is not possible; "" takes it away. */
  refuse(sentence: string): void;
  /** Says that the view itself failed. */
  fault(sentence: string): void;
}

/** From this width on the figures stand beside the picture, in a column of `margin`. */
const widest = 1060;
const margin = 304;

/** Builds the editor's elements; what they show comes by `draw…`. */
export function createFrame(root: HTMLElement, t: (message: Message) => string, name: string, setting: number, voice: HTMLElement, on: FrameEvents): Frame {
  const notice = h("span", { class: "notice small" });
  const actions: Readonly<Record<string, HTMLButtonElement>> = {
    useAsWordVectors: linkButton(t(msg("Use as Word Vectors")), () => on.action("useAsWordVectors")),
    fitGmm: linkButton(t(msg("Fit GMM to Columns")), () => on.action("fitGmm")),
    compareRows: linkButton(t(msg("Compare Rows")), () => on.action("compareRows")),
    showAttention: linkButton(t(msg("Show Attention")), () => on.action("showAttention")),
  };
  const python = linkButton(t(msg("Copy as Python")), on.python);
  const actionRow = h("span", { class: "tensor-actions" }, ...Object.values(actions), python);
  const refusal = h("p", { class: "problem warning tensor-refusal", role: "alert", hidden: true });
  const staleText = h("span");
  const stale = h("div", { class: "tensor-stale", role: "alert", hidden: true }, staleText, button(t(msg("Reload")), on.reload, true));
  const head = h("header", { class: "head" }, h("div", { class: "tensor-head" }, h("span", { class: "source mono" }, name), notice, actionRow), stale, refusal);

  const list = createList(t, on);
  const title = h("h1");
  const lede = h("p", { class: "lede" });
  const counted = h("p", { class: "lede" });
  const remarks = h("div", { class: "notes" });
  const faults = h("div", { class: "problems", role: "alert" });
  const facts = createFacts(t, { count: on.count, cancel: on.stopCounting });
  const axes = createAxes(t, on.plane);
  const toolbar = createToolbar(t, setting, on);
  const key = createKey(t);
  const readout = h("p", { class: "tensor-readout mono" });
  const more = h("span", { class: "quiet small" });
  const heatmap = createHeatmap(on, { rows: t(msg("Rows in sight")), cols: t(msg("Columns in sight")) });
  const place = h("p", { class: "quiet small place" });
  const twin = createTwin(t);
  const figure = h("section", { class: "tensor-figure" }, axes.element, toolbar.element, h("div", { class: "tensor-line" }, readout, key.element), heatmap.element, place, twin.element);
  const metadata = createMetadata(t);
  const main = h("div", { class: "tensor-main" }, h("div", { class: "story" }, title, lede, counted), remarks, faults, facts.element, figure, metadata.element);
  root.replaceChildren(head, h("div", { class: "panel tensors" }, list.element, main), voice);

  const drawFaults = ({ fileFaults, windowFaults }: TensorModel): void => {
    const sentences = [...fileFaults, ...windowFaults].map(t);
    if (faults.dataset.said === sentences.join("\n")) return;
    faults.dataset.said = sentences.join("\n");
    faults.replaceChildren(...sentences.map((each) => h("p", { class: "problem" }, each)));
    if (sentences.length > 0) faults.append(h("div", { class: "buttons" }, button(t(msg("Reload")), on.reload, true)));
  };

  const wide = (): boolean => main.clientWidth >= widest;

  return {
    main, heatmap, toolbar,
    width: () => (wide() ? main.clientWidth - margin : main.clientWidth),
    drawFile({ model, tensor, filter, notice: said, palette, table }) {
      const { opened, counting, index } = model;
      notice.textContent = said;
      stale.hidden = !model.stale;
      staleText.textContent = model.stale ? t(model.stale) : "";
      drawFaults(model);
      actionRow.hidden = !tensor;
      facts.element.hidden = !tensor || tensor.size === 0 || model.windowFaults.length > 0;
      counted.hidden = counting.kind !== "done";
      if (opened) {
        list.setFilter(filter);
        list.draw(opened.tensors, index);
        remarks.replaceChildren(...opened.problems.map(({ severity, message }) => h("p", { class: `problem ${severity}` }, t(message))));
        metadata.draw(opened.metadata);
      } else list.element.hidden = true;
      if (!opened || !tensor) {
        title.textContent = model.fileFaults.length > 0 ? t(msg("{0} can’t be shown", name)) : t(msg("Opening {0}", name));
        lede.textContent = model.reading ? `${t(model.reading.message)}${Number.isFinite(model.reading.fraction) ? ` (${percent(model.reading.fraction)})` : ""}` : "";
        return;
      }
      title.replaceChildren(h("span", { class: "mono" }, tensor.name), `: ${t(shapeWords(tensor))}`);
      lede.textContent = t(storageSentence(opened, tensor));
      counted.textContent = counting.kind === "done" ? t(countSentence(counting.known, tensor)) : "";
      const reasons: Readonly<Record<string, Message | undefined>> = { useAsWordVectors: tensor.noRows, fitGmm: tensor.noTable, compareRows: tensor.noRows };
      actions.showAttention.hidden = !mayBeAttention(tensor.shape);
      for (const [each, action] of Object.entries(actions)) {
        const reason = reasons[each];
        action.setAttribute("aria-disabled", String(reason !== undefined));
        action.title = reason ? t(reason) : "";
      }
      const width = main.clientWidth;
      main.classList.toggle("wide", wide());
      facts.draw({ tensor, counting, palette, width: wide() ? margin - 24 : width < 620 ? width : Math.max(260, Math.min(420, width - 380)), table });
    },
    drawWindow(state) {
      figure.hidden = state === undefined || faults.childElementCount > 0;
      if (!state) return;
      const { tensor, plane, extent, corner, seen, answer, limit, palette, found, cursor } = state;
      axes.draw(tensor, plane);
      toolbar.draw({ scale: state.scale, limit, zoom: corner.zoom, table: state.table });
      key.draw(limit, palette, { ...found, clipped: found.largest > limit });
      more.textContent = state.readout.more;
      readout.replaceChildren(state.readout.text, " ", more);
      readout.classList.toggle("quiet", cursor === null);
      heatmap.draw({ extent, corner, answer, limit, cursor, palette, label: state.label, rowLabel: state.rowLabel });
      const odd = found.nan + found.infinite === 0 ? "" : ` ${t(msg("In sight: {0} NaN, {1} infinite.", found.nan, found.infinite))}`;
      place.textContent = state.label + odd;
      twin.draw(state.table && answer ? { answer, seen, tensor, width: extent.width, rowLabel: state.rowLabel } : undefined);
    },
    refuse(sentence) {
      refusal.hidden = sentence === "";
      refusal.textContent = sentence;
    },
    fault(sentence) {
      refusal.hidden = false;
      refusal.textContent = sentence;
    },
  };
}
