import { msg } from "../../../core/contract/index.js";
import { mapDimensions } from "../../../core/vectors/map/mapDimensions.js";
import { nearestPlaces } from "../../../core/vectors/map/trust.js";
import type { MapPart, VectorReply, VectorsTrace } from "../../../core/vectors/trace.js";
import { h, linkButton, setAttributes, svg } from "../../marks/dom.js";
import { compact, percent } from "../../text/number.js";
import type { ViewHost } from "../../view.js";
import { createBars } from "../neighboursBars.js";
import { shortName } from "./names.js";
import { caughtSentence, caution, missingSentences, layOutMore, nearestSentence, trustSentence } from "./sentences.js";

export type MarginState = {
  readonly trace: VectorsTrace;
  readonly map: MapPart;
  readonly positions: Float32Array;
  readonly point: number | null;
  readonly held: boolean;
  readonly neighbours: VectorReply | undefined;
  readonly caught: Int32Array | null;
  /** How many of the caught have a row in the editor. */
  readonly selected: number;
  readonly width: number;
  readonly running: boolean;
};

export type MarginActions = {
  /** Goes to a point and holds it. */
  go(point: number): void;
  /** Lights a neighbour on the map, or none. */
  point(neighbour: number | null): void;
  /** Lets the caught points go. */
  release(): void;
};

/** Names of caught points that are listed. */
const LISTED = 60;

/** Beside the map: the neighbours of a point, what a lasso caught, how much the map holds and how far it can be trusted. */
export function createMargin(host: ViewHost, actions: MarginActions): { readonly element: HTMLElement; pictures(): SVGSVGElement[]; draw(state: MarginState): void } {
  let shown: VectorReply | undefined;
  const nearTitle = h("h2");
  const nearNote = h("p", { class: "vectors-note" });
  const bars = createBars(host, true, {
    ask: (n) => shown && actions.go(shown.indices[n]),
    point: (n) => actions.point(n !== null && shown ? shown.indices[n] : null),
    add: () => undefined,
  });
  const near = h("section", { class: "map-near", "aria-live": "polite" }, nearTitle, bars.element, nearNote);
  const caughtText = h("p");
  const caughtNames = h("p", { class: "map-caught-names small" });
  const release = linkButton(host.t(msg("Let go")), () => actions.release());
  const caught = h("section", { class: "map-caught" }, h("h2", {}, host.t(msg("Circled"))), caughtText, caughtNames, release);
  const variance = svg("svg", { class: "map-variance", role: "img" });
  const varianceBox = h("section", {}, h("h2", {}, host.t(msg("Variance"))), variance);
  const trust = h("p", { class: "vectors-note map-trust" });
  const warning = h("p", { class: "vectors-note" });
  const cut = h("p", { class: "vectors-note" });
  const reading = h("section", { class: "map-reading" }, h("h2", {}, host.t(msg("How to read it"))), trust, warning, cut);
  const element = h("div", { class: "map-margin" }, caught, near, varianceBox, reading);
  let caughtOf: readonly unknown[] = [];

  return {
    element,
    pictures: () => (varianceBox.hidden ? [] : [variance]),
    draw(state) {
      const { map, trace, width } = state;
      drawNear(state);
      caught.hidden = state.caught === null;
      if (state.caught && (caughtOf[0] !== state.caught || caughtOf[1] !== map)) {
        caughtOf = [state.caught, map];
        caughtText.textContent = host.t(caughtSentence(state.caught.length, state.selected));
        const names = Array.from(state.caught.subarray(0, LISTED), (i) => linkButton(shortName(map.names[i]), () => actions.go(i)));
        const more = state.caught.length - names.length;
        caughtNames.replaceChildren(...names.flatMap((name) => [name, " "]), ...(more > 0 ? [host.t(msg("and {0} more", compact(more)))] : []));
      }
      varianceBox.hidden = map.explained.length === 0;
      if (map.explained.length > 0) drawVariance(map, width);
      const trusted = trustSentence(map, mapDimensions(trace, map));
      trust.hidden = trusted === null;
      trust.textContent = trusted ? host.t(trusted) : "";
      const warned = caution(map);
      warning.hidden = warned === null;
      warning.textContent = warned ? host.t(warned) : "";
      reading.hidden = trusted === null && warned === null && map.cut === null && map.leftOut === 0;
      const sentences = missingSentences(map).map((each) => host.t(each));
      const more = layOutMore(map);
      const key = `${sentences.join(" ")} ${more}`;
      if (cut.dataset.key !== key) {
        cut.dataset.key = key;
        cut.replaceChildren(sentences.join(" "), ...(more === null ? [] : [" ", linkButton(host.t(msg("Lay out {0}", compact(more))), () => host.run({ tab: "map", map_rows: more }))]));
      }
      cut.hidden = sentences.length === 0;
    },
  };

  function drawNear({ map, trace, point, neighbours, positions, width, running, held }: MarginState): void {
    shown = neighbours;
    setAttributes(bars.element, { hidden: !neighbours || neighbours.indices.length === 0 });
    if (point === null) {
      nearTitle.textContent = host.t(msg("Nearest in all {0} dimensions", mapDimensions(trace, map)));
      nearNote.textContent = running ? host.t(msg("Move the pointer to a point once the map is finished.")) : host.t(msg("Move the pointer to a point: lines lead to its ten nearest in the original space. A click holds it."));
      return;
    }
    // The name stands where the reader's language has it, in the file's type.
    const [before, after] = host.t(msg("Nearest to {0}", "\n")).split("\n");
    nearTitle.replaceChildren(before, h("b", { class: "mono" }, shortName(map.names[point])), after ?? "", h("span", {}, " ", host.t(msg("in all {0} dimensions", mapDimensions(trace, map)))));
    if (!neighbours) {
      nearNote.textContent = running ? host.t(msg("Neighbours are shown once the map is finished.")) : host.t(msg("Comparing …"));
      return;
    }
    if (neighbours.indices.length === 0) {
      nearNote.textContent = host.t(msg("{0} is all zeros, so it has no direction and no neighbours.", map.names[point]));
      return;
    }
    bars.draw({ names: Array.from(neighbours.indices, (i) => map.names[i]), scores: neighbours.cosines }, width, "3CosAdd");
    const places = new Set(nearestPlaces(positions, point, neighbours.indices.length));
    const kept = neighbours.indices.filter((i) => places.has(i)).length;
    nearNote.textContent = `${host.t(nearestSentence(neighbours, kept))}${held ? ` ${host.t(msg("Held; Esc lets go."))}` : ""}`;
  }

  function drawVariance({ explained }: MapPart, width: number): void {
    const palette = host.palette();
    const pitch = 17;
    const [x0, x1] = [40, Math.min(width, 360) - 44];
    const most = Math.max(explained[0], 1e-12);
    const nodes = Array.from(explained, (share, i) => {
      const y = i * pitch;
      const strong = i < 2 ? "t12 b" : "t12";
      return svg("g", {},
        svg("text", { x: 0, y: y + 12, class: strong }, `PC ${i + 1}`),
        svg("rect", { x: x0, y: y + 3, width: Math.max(0.5, ((x1 - x0) * share) / most), height: 10, fill: i < 2 ? palette.ink : palette.tint(palette.ink, 0.45) }),
        svg("text", { x: x0 + ((x1 - x0) * share) / most + 6, y: y + 12, class: strong }, percent(share, 1)));
    });
    setAttributes(variance, { width: Math.min(width, 360), height: explained.length * pitch + 2, "aria-label": host.t(msg("Shares of the variance of the first {0} principal components", explained.length)) });
    variance.replaceChildren(...nodes);
  }
}
