import { msg, type Message } from "../../core/contract/index.js";
import { mixtureAt } from "../../core/mixture/evaluate.js";
import { rowName } from "../../core/mixture/story.js";
import { h } from "../marks/dom.js";
import { math } from "../marks/math.js";
import { letter } from "../marks/palette.js";
import { compact } from "../text/number.js";
import type { Frame, ViewHost } from "../view.js";
import { distanceAt, termsAt, updateAfter, updateTex } from "./formulasStep.js";
import { densityNumbers, shareNumbers, shareSymbols } from "./formulasTex.js";
import type { Part, Shared } from "./shared.js";

/** The formula pane: how much of the chosen row a component explains, then what the M-step makes of the component. */
export function createFormulas(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const question = h("h2");
  const chooser = h("div", { class: "mixture-chooser", role: "group", "aria-label": host.t(msg("Component")) });
  const share = h("div", { class: "mixture-formula", "data-formula": "share" });
  const density = h("div", { class: "mixture-formula", "data-formula": "density" });
  const next = h("h2", { class: "mixture-next" });
  const update = h("div", { class: "mixture-formula mixture-update", "data-formula": "update" });
  const remark = h("p", { class: "quiet" });
  const box = h("section", { class: "mixture-formulas", "aria-label": host.t(msg("Formula")) },
    h("div", { class: "mixture-half" }, h("div", { class: "mixture-question" }, question, chooser), share, density),
    h("div", { class: "mixture-half" }, next, update, remark));
  root.append(box);

  box.addEventListener("pointerover", (event) => shared.ringComponent(componentOf(event.target, box)));
  box.addEventListener("pointerleave", () => shared.ringComponent(null));

  return {
    draw(trace, frame) {
      const { K, D } = trace;
      const { point, component: k } = shared;
      const width = halfWidth(frame.width, D);
      const under = Math.max(0, shared.sharesStep);
      const mixture = mixtureAt(trace, shared.fitIndex, under);
      const place = rowName(trace, point);
      heading(question, host, msg("How much of {0} does {1} explain?", place, mark), k, host.t(shared.sharesStep >= 0 ? msg("E-step") : msg("the first E-step will ask")));
      chooser.hidden = K < 2;
      drawChooser(chooser, shared, K, k);
      const terms = termsAt(mixture, trace.points, point);
      const more = (n: number): string => host.t(msg("… {0} more", n));
      const symbols = [width < 280 ? 1 : width < 430 ? 2 : 3, 1].map((most) => [shareSymbols(k, K, D, most)]);
      const numbers = [3, 2, 1].slice(width < 290 && K > 2 ? 2 : width < 330 ? 1 : 0).map((shown) => shareNumbers(terms, k, shown, more));
      fitting(share, symbols, numbers, frame);
      if (D > 1) {
        const { squared, logDeterminant } = distanceAt(mixture, trace.points, point, k);
        const [formula, exponent, determinant, ended] = densityNumbers(k, D, squared, logDeterminant, terms[k].density);
        fitting(density, [[formula, exponent]], [[`${determinant},\\quad ${ended}`], [determinant, ended]], frame);
      } else {
        density.replaceChildren();
        delete density.dataset.fitting;
      }
      drawUpdate(frame, under, k);
    },
    dispose: () => box.remove(),
  };

  function drawUpdate(frame: Frame, under: number, k: number): void {
    const { trace, S } = shared;
    const made = updateAfter(shared, under, k);
    const past = shared.shapesStep > under;
    next.hidden = false;
    const subject =
      made?.kind === "last" ? (shared.fit.ended === "converged" ? msg("Another M-step hardly moves {0}", mark) : msg("The next M-step would move {0}", mark))
      : past ? msg("The M-step has moved {0}", mark)
      : msg("Next, the M-step moves {0}", mark);
    heading(next, host, subject, k, frame.width < 360 ? "" : host.t(msg("all {0} shares at once", compact(trace.N))));
    if (!made) {
      update.replaceChildren();
      remark.textContent =
        under + 1 >= S ? host.t(msg("The sums over all rows are not kept at the end, since only a sample of them is drawn."))
        : host.t(msg("The trace keeps every {0}th iteration here, so the sums between are not kept.", shared.fit.kept[under + 1] - shared.fit.kept[under]));
      return;
    }
    const widest = frame.width < 320 ? 2 : 4;
    remark.textContent = trace.D > widest ? host.t(msg("With {0} columns the vector and the matrix stand in the table.", trace.D)) : "";
    const tex = updateTex(shared, made, widest);
    blocks(update, [tex.mean, tex.weight, ...tex.spread], frame);
  }
}

/** Width of one half of the pane: with several columns of data both stand side by side where there is room. */
function halfWidth(width: number, D: number): number {
  return D > 1 && width >= 632 ? (width - 32) / 2 : width;
}

/** Stands for the component's letter in a heading, where it is drawn in its colour. */
const mark = "\u0001";

function heading(element: HTMLElement, host: ViewHost, message: Message, k: number, detail: string): void {
  const [before, after = ""] = host.t(message).split(mark);
  const key = `${before}|${k}|${after}|${detail}`;
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(before, h("b", { class: `c${k % 8}` }, letter(k)), after, " ", h("span", { class: "quiet" }, detail));
}

/** One block of MathML a line; blocks are kept, so that only what changed is set again. */
function blocks(root: HTMLElement, lines: readonly string[], frame: Frame): void {
  while (root.children.length > lines.length) root.lastElementChild?.remove();
  while (root.children.length < lines.length) root.append(h("div", { class: "mixture-math", tabindex: -1 }));
  lines.forEach((line, i) => math(line, root.children[i] as HTMLElement));
  root.style.maxWidth = `${frame.width}px`;
}

/**
 * Sets the symbols' lines and the numbers' lines in the longest of their versions that the width holds. What fits depends on
 * the fonts, so it is tried; for the same formulas and width only once.
 */
function fitting(root: HTMLElement, symbols: readonly (readonly string[])[], numbers: readonly (readonly string[])[], frame: Frame): void {
  const key = [frame.width, ...symbols[0], ...numbers[0]].join("\u0001");
  if (root.dataset.fitting === key) return;
  root.dataset.fitting = key;
  const overflows = (from: number, to?: number): boolean =>
    Array.from(root.children).slice(from, to).some((block) => block.scrollWidth > block.clientWidth + 1);
  let [s, n] = [0, 0];
  for (;;) {
    blocks(root, [...symbols[s], ...numbers[n]], frame);
    const [longSymbols, longNumbers] = [
      overflows(0, symbols[s].length) && s + 1 < symbols.length,
      overflows(symbols[s].length) && n + 1 < numbers.length,
    ];
    if (!longSymbols && !longNumbers) return;
    if (longSymbols) s++;
    if (longNumbers) n++;
  }
}

/** Buttons that choose the component; more than eight become a menu. */
function drawChooser(root: HTMLElement, shared: Shared, K: number, chosen: number): void {
  const key = `${K}`;
  if (root.dataset.key !== key) {
    root.dataset.key = key;
    if (K <= 8) {
      root.replaceChildren(...Array.from({ length: K }, (_, k) => {
        const button = h("button", { type: "button", class: `link c${k % 8}`, "data-choose": k }, letter(k));
        button.addEventListener("click", () => shared.holdComponent(k));
        return button;
      }));
    } else {
      const select = h("select", { class: "mixture-bins" }, ...Array.from({ length: K }, (_, k) => h("option", { value: k }, letter(k))));
      select.addEventListener("change", () => shared.holdComponent(Number(select.value)));
      root.replaceChildren(select);
    }
  }
  const select = root.querySelector("select");
  if (select) select.value = String(chosen);
  for (const button of root.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.choose === String(chosen)));
}

/** The component whose symbol or number an element of a formula belongs to. */
function componentOf(target: EventTarget | null, stop: Element): number | null {
  for (let element = target instanceof Element ? target : null; element && element !== stop; element = element.parentElement) {
    const found = /(?:^|\s)k(\d+)(?:\s|$)/.exec(element.getAttribute("class") ?? "");
    if (found) return Number(found[1]);
  }
  return null;
}
