import { msg } from "../../core/contract/index.js";
import type { TrainingPart } from "../../core/decoding/trace.js";
import { h } from "../marks/dom.js";
import { createSimilarityKey, createSimilarityMap, leastOf, type Cell } from "../marks/similarityMap.js";
import { fixed, significant } from "../text/number.js";
import type { Shared } from "./tab.js";

export interface TrainingMaps {
  readonly element: HTMLElement;
  draw(part: TrainingPart, width: number): void;
  pictures(): readonly (SVGSVGElement | HTMLCanvasElement)[];
}

const widest = 380;

/** SimCTG: how alike the tokens' hidden states are, and what descent on its contrastive loss makes of them. */
export function createTrainingMaps(shared: Shared): TrainingMaps {
  const { host } = shared;
  let cell: Cell | null = null;
  const point = (next: Cell | null, spoken: boolean): void => {
    if (next?.[0] === cell?.[0] && next?.[1] === cell?.[1]) return;
    cell = next;
    if (spoken && next) {
      const sentence = readoutOf(shared.trace.training);
      if (sentence !== "") host.announce(sentence);
    }
    host.redraw();
  };
  const [before, after] = [createSimilarityMap(point), createSimilarityMap(point)];
  const [beforeTitle, afterTitle] = [h("h3"), h("h3")];
  const sentence = h("p", { class: "decoding-sentence" });
  const key = createSimilarityKey();
  const readout = h("p", { class: "decoding-sentence quiet" });
  const pair = h("div", { class: "training-pair" }, h("div", {}, beforeTitle, before.element), h("div", {}, afterTitle, after.element));
  const element = h("div", { class: "training-maps" }, h("h2", {}, host.t(msg("SimCTG's contrastive loss")), " ", h("span", {}, host.t(msg("pushes the hidden states of different tokens apart")))), sentence, pair, h("div", { class: "training-foot" }, readout, key.element));

  function readoutOf(part: TrainingPart | undefined): string {
    if (!cell || !part?.contrastive) return "";
    const [row, column] = cell;
    const at = row * part.ids.length + column;
    return host.t(msg("{0} (token {1}) and {2} (token {3}): {4} before, {5} after", shared.name(part.ids[row]), row + 1, shared.name(part.ids[column]), column + 1, fixed(part.contrastive.before[at], 3), fixed(part.contrastive.after[at], 3)));
  }

  return {
    element,
    pictures: () => (element.querySelector("canvas") && !pair.hidden ? [...before.parts, ...after.parts, key.element] : []),
    draw(part, width) {
      const found = part.contrastive;
      pair.hidden = readout.hidden = !found;
      key.element.toggleAttribute("hidden", !found);
      if (!found) {
        sentence.textContent = host.t(msg("This source has no hidden states: choose the source “model” to see them."));
        return;
      }
      const { margin, lossBefore, lossAfter, descentSteps } = found;
      sentence.textContent = host.t(msg("With margin ρ = {0}, every pair whose cosine is above {1} costs: {2} before, {3} after {4} steps of descent on the states.", significant(margin, 3), fixed(1 - margin, 2), fixed(lossBefore, 3), fixed(lossAfter, 3), descentSteps));
      beforeTitle.textContent = host.t(msg("before: loss {0}", fixed(lossBefore, 3)));
      afterTitle.textContent = host.t(msg("after: loss {0}", fixed(lossAfter, 3)));
      const side = Math.min(widest, width >= 480 ? (width - 24) / 2 : width);
      const n = part.ids.length;
      if (cell && Math.max(...cell) >= n) cell = null;
      const common = { n, shown: n, side, palette: host.palette(), row: cell?.[0] ?? -1, ring: cell, name: (i: number) => shared.name(part.ids[i]), text: (value: number) => fixed(value, 2) };
      before.draw({ ...common, values: found.before, label: host.t(msg("Cosines before, {0} tokens. Arrow keys walk through the pairs.", n)) });
      after.draw({ ...common, values: found.after, label: host.t(msg("Cosines after, {0} tokens. Arrow keys walk through the pairs.", n)) });
      key.draw(host.palette(), host.t(msg("cosine")), Math.min(leastOf(found.before), leastOf(found.after)));
      readout.textContent = cell ? readoutOf(part) : "\u00a0";
    },
  };
}
