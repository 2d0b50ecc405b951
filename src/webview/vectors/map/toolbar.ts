import { msg } from "../../../core/contract/index.js";
import { vectorParams } from "../../../core/vectors/params.js";
import type { MapPart, VectorsTrace } from "../../../core/vectors/trace.js";
import { h, linkButton } from "../../marks/dom.js";
import type { ViewHost } from "../../view.js";
import { segmented } from "../../controls/segmented.js";
import { createFind } from "./find.js";

export const zoomStep = 1.6;

type Tool = "move" | "circle";
/** What dragging does. */
export function toolNow(host: ViewHost): Tool {
  return host.ui<Tool>("mapTool", "move");
}

export type ToolbarActions = {
  names(): readonly string[];
  go(point: number): void;
  zoom(factor: number): void;
  showAll(): void;
};

/** The choices over the map (projection, points, a point by its name) and under it (what dragging does, zoom). */
export function createToolbar(host: ViewHost, actions: ToolbarActions): {
  readonly bar: HTMLElement;
  readonly tools: HTMLElement;
  readonly find: HTMLInputElement;
  draw(trace: VectorsTrace, map: MapPart, zoomed: boolean): void;
} {
  const projection = segmented(host.t(msg("Projection")), [{ value: "pca", label: "PCA" }, { value: "tsne", label: "t-SNE" }, { value: "umap", label: "UMAP" }], (value) => host.run({ tab: "map", projection: value }));
  const points = segmented(host.t(msg("Points")), [
    { value: "rows", label: host.t(msg("these vectors")) }, { value: "store", label: host.t(msg("all word vectors in use")) },
  ], (value) => host.run({ tab: "map", points: value }));
  const tool = segmented<Tool>(host.t(msg("Dragging")), [{ value: "move", label: host.t(msg("Move")) }, { value: "circle", label: host.t(msg("Circle")) }], (value) => host.setUi("mapTool", value));
  const find = createFind(host, () => actions.names(), (point) => actions.go(point));
  const plus = h("button", { type: "button", "aria-label": host.t(msg("Zoom in")) }, "+");
  const minus = h("button", { type: "button", "aria-label": host.t(msg("Zoom out")) }, "\u2212");
  plus.addEventListener("click", () => actions.zoom(zoomStep));
  minus.addEventListener("click", () => actions.zoom(1 / zoomStep));
  const reset = linkButton(host.t(msg("Show all")), () => actions.showAll());
  return {
    bar: h("div", { class: "map-bar" }, projection.element, points.element, h("span", { class: "grow" }), find.element),
    tools: h("div", { class: "map-tools" }, tool.element, h("span", { class: "segmented", role: "group", "aria-label": host.t(msg("Zoom")) }, minus, plus), reset),
    find: find.input,
    draw(trace, map, zoomed) {
      const { projection: chosen, points: which } = { ...vectorDefaults, ...host.params() } as { projection: MapPart["projection"]; points: MapPart["points"] };
      projection.show(chosen);
      points.show(which);
      // A file is a store of its own, and vectors of a text seldom live in the space of the words in use.
      points.element.hidden = trace.origin !== "words" && map.points === "rows";
      tool.show(toolNow(host));
      reset.hidden = !zoomed;
      find.draw();
    },
  };
}

const vectorDefaults = { projection: vectorParams.projection.default, points: vectorParams.points.default };
