import { msg, type Message } from "../../core/contract/index.js";
import type { SearchPart } from "../../core/decoding/trace.js";
import { csvLine } from "../../core/text/csvLine.js";
import { createPlayer } from "../controls/player.js";
import { h } from "../marks/dom.js";
import { chain, drawFormulas } from "../marks/formulas.js";
import { number } from "../marks/math.js";
import { createSimilarityKey, createSimilarityMap, leastOf, type Cell } from "../marks/similarityMap.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, significant } from "../text/number.js";
import type { Frame } from "../view.js";
import { drawTokens } from "./compareTokens.js";
import { createContrastiveBars } from "./contrastiveBars.js";
import { plain } from "./searchFiles.js";
import { stepWithin } from "./searchSteps.js";
import type { Section, Shared } from "./tab.js";

export type ContrastivePart = Extract<SearchPart, { kind: "contrastive" }>;
type ContrastiveStep = ContrastivePart["steps"][number];

const widestMap = 400;

/** Contrastive search step by step: each candidate's probability, its likeness to what came before, and the trade-off. */
export function createContrastive(shared: Shared): Section {
  const { host } = shared;
  let at: number | null = null;
  let cell: Cell | null = null;

  const title = h("h2");
  const bars = createContrastiveBars(host);
  const map = createSimilarityMap((next, spoken) => {
    if (next?.[0] === cell?.[0] && next?.[1] === cell?.[1]) return;
    cell = next;
    const now = part();
    if (next && now && spoken) host.announce(cellText(now, next));
    host.redraw();
  });
  const key = createSimilarityKey();
  const readout = h("p", { class: "decoding-sentence quiet" });
  const sentence = h("p", { class: "decoding-sentence" });
  const formula = h("div", { class: "decoding-formula" });
  const text = h("p", { class: "decoding-tokens" });
  const player = createPlayer(host, { label: (step) => msg("Token {0} of {1}", stepWithin(step, steps()) + 1, steps()) });
  const twin = h("div", { class: "decoding-twin" });
  const side = h("div", { class: "contrastive-map" }, h("h2", {}, host.t(msg("How alike the tokens' hidden states are"))), map.element, readout, key.element);
  const main = h("div", { class: "contrastive-main" }, title, bars.element, sentence, formula, h("h2", {}, host.t(msg("The text so far"))), text);
  const element = h("div", { class: "contrastive" }, h("div", { class: "contrastive-top" }, main, side), player.element, twin);

  bars.element.addEventListener("pointermove", (event) => point(bars.indexAt(event.clientY - bars.element.getBoundingClientRect().top), false));
  bars.element.addEventListener("pointerleave", () => point(null, false));
  bars.element.addEventListener("blur", () => point(null, false));
  bars.element.addEventListener("keydown", (event) => {
    const count = stepNow()?.token.length ?? 0;
    const next = { ArrowDown: at === null ? 0 : Math.min(count - 1, at + 1), ArrowUp: at === null ? count - 1 : Math.max(0, at - 1) }[event.key];
    if (next !== undefined && count > 0) point(next, true);
    else if (event.key === "Escape" && at !== null) point(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const part = (): ContrastivePart | undefined => (shared.trace.search?.kind === "contrastive" ? shared.trace.search : undefined);
  const steps = (): number => part()?.steps.length ?? 1;
  const stepIndex = (): number => stepWithin(host.step(), steps());
  const stepNow = (): ContrastiveStep | undefined => part()?.steps[stepIndex()];
  /** How many of the tokens are the prompt's. */
  const promptLength = (now: ContrastivePart): number => now.ids.length - now.steps.length;

  function point(index: number | null, spoken: boolean): void {
    if (index === at) return;
    at = index;
    const option = index === null ? null : bars.element.querySelectorAll("[role=option]")[index];
    if (option && spoken) host.announce(option.getAttribute("aria-label") ?? "");
    host.redraw();
  }

  function cellText(now: ContrastivePart, [row, column]: Cell): string {
    const value = now.similarity[row * now.ids.length + column];
    return host.t(msg("{0} (token {1}) and {2} (token {3}): {4}", shared.name(now.ids[row]), row + 1, shared.name(now.ids[column]), column + 1, fixed(value, 3)));
  }

  function draw(frame: Frame): void {
    const now = part();
    if (!now) return;
    const index = stepWithin(frame.step, steps());
    const step = now.steps[index];
    const position = promptLength(now) + index;
    const wide = frame.width >= 620;
    element.classList.toggle("wide", wide);
    title.replaceChildren(host.t(msg("Probable, but unlike what came before")), " ", h("span", {}, host.t(msg("penalty_alpha {0}, top_k {1}", significant(now.alpha, 3), now.k))));
    const mapSide = Math.min(widestMap, wide ? Math.max(240, frame.width * 0.42) : frame.width);
    const mainWidth = wide ? frame.width - mapSide - 28 : frame.width;
    main.style.width = `${mainWidth}px`;
    side.style.width = `${mapSide}px`;
    side.hidden = now.similarity.length === 0;
    if (at !== null && at >= (step?.token.length ?? 0)) at = null;
    const shownCandidate = at ?? step?.selected ?? 0;
    if (step) {
      bars.draw({
        names: step.token.map((id) => shared.name(id)), nearest: Array.from(step.nearest, (where) => shared.name(now.ids[where])),
        probability: step.probability, penalty: step.penalty, score: step.score, selected: step.selected,
      }, Math.min(mainWidth, 620), at);
      sentence.textContent = host.t(stepSentence(step, now));
      drawFormulas(formula, formulaOf(now.alpha, step, shownCandidate, mainWidth));
    }
    const nearest = step?.nearest[shownCandidate] ?? -1;
    drawTokens(text, Array.from(now.ids.subarray(0, position + 1), (id, i) => ({
      text: shared.piece(i === position && at !== null && step ? step.token[at] : id),
      className: [i < promptLength(now) ? "quiet" : "", i === nearest ? "outlined" : "", i === position ? "current" : ""].filter(Boolean).join(" "),
      title: i === nearest ? host.t(msg("the most alike of the tokens before: {0}", fixed(step.penalty[shownCandidate], 3))) : undefined,
    })), host.palette());
    map.draw({
      values: now.similarity, n: now.ids.length, shown: Math.min(now.ids.length, position + 1), side: mapSide, palette: host.palette(), row: Math.min(position, now.ids.length - 1),
      name: (i) => shared.name(now.ids[i]), text: (value) => fixed(value, 2),
      // Of the other candidates only the nearest token is known: their states were left behind.
      ring: cell ?? (nearest >= 0 ? [position, nearest] : null),
      label: host.t(msg("Cosines of the hidden states of {0} tokens", position + 1)),
    });
    key.draw(host.palette(), host.t(msg("cosine")), leastOf(now.similarity));
    readout.textContent = cell ? cellText(now, cell) : nearest >= 0 && step ? host.t(msg("{0} is most like {1} (token {2}): {3}", shared.name(step.token[shownCandidate]), shared.name(now.ids[nearest]), nearest + 1, fixed(step.penalty[shownCandidate], 3))) : "";
    player.draw({ steps: steps(), step: index });
    twin.hidden = !host.ui("searchTable", false);
    if (!twin.hidden && step) drawTwin(step, now, index, frame.width);
  }

  function stepSentence(step: ContrastiveStep, now: ContrastivePart): Message {
    const { selected } = step;
    const nameOf = (i: number): string => shared.name(step.token[i]);
    if (selected === 0) return msg("{0} is the most probable and stays ahead: {1}.", nameOf(0), fixed(step.score[0], 3));
    return msg("{0} was the most probable with {1}, but it is {2} like {3}: {4} wins with {5} against {6}.", nameOf(0), fixed(step.probability[0], 3), fixed(step.penalty[0], 2), shared.name(now.ids[step.nearest[0]]), nameOf(selected), fixed(step.score[selected], 3), fixed(step.score[0], 3));
  }

  function drawTwin(step: ContrastiveStep, now: ContrastivePart, index: number, width: number): void {
    drawTable(twin, {
      caption: host.t(msg("Candidates of token {0}", index + 1)),
      columns: [{ title: host.t(msg("candidate")) }, { title: "p", numeric: true }, { title: host.t(msg("nearest")) }, { title: host.t(msg("likeness s")), numeric: true }, { title: "(1 \u2212 \u03b1) p \u2212 \u03b1 s", numeric: true }],
      rows: step.token.map((id, i) => ({
        className: i === step.selected ? "chosen" : "",
        cells: [shared.name(id), { text: fixed(step.probability[i], 4), title: exact(step.probability[i]) }, `${shared.name(now.ids[step.nearest[i]])} (${step.nearest[i] + 1})`, { text: fixed(step.penalty[i], 4), title: exact(step.penalty[i]) }, { text: fixed(step.score[i], 4), title: exact(step.score[i]) }],
      })),
      width: Math.max(380, width),
    });
  }

  function csv(now: ContrastivePart): string {
    const lines = now.steps.flatMap((step, t) => step.token.map((id, i) => csvLine([t + 1, id, shared.piece(id), step.probability[i], step.nearest[i] + 1, step.penalty[i], step.score[i], i === step.selected ? 1 : 0])));
    return csvLine(["step", "id", "token", "probability", "nearest_token", "penalty", "score", "selected"]) + lines.join("");
  }

  function similarityCsv(now: ContrastivePart): string {
    const n = now.ids.length;
    const names = Array.from(now.ids, (id, i) => `${i + 1} ${shared.piece(id)}`);
    return csvLine(["token", ...names]) + names.map((name, i) => csvLine([name, ...now.similarity.subarray(i * n, (i + 1) * n)])).join("");
  }

  return {
    element,
    draw,
    pictures: () => (part() ? [bars.element, ...(side.hidden ? [] : [...map.parts, key.element])] : []),
    files() {
      const now = part();
      if (!now) return [];
      return [
        { label: msg("Candidates of all steps (CSV)"), name: "contrastive.csv", data: () => csv(now) },
        ...(now.similarity.length > 0 ? [{ label: msg("Token similarities (CSV)"), name: "token-similarities.csv", data: () => similarityCsv(now) }] : []),
        { label: msg("Contrastive search (JSON)"), name: "contrastive.json", data: () => `${JSON.stringify(now, plain, 1)}\n` },
      ];
    },
    copies: () => [{ label: msg("Copy the text"), text: () => part()?.text ?? "" }],
    key: (event) => player.key(event),
    leave: () => player.stop(),
    action: (action) => player.action(action),
    toggleTable: () => host.setUi("searchTable", !host.ui("searchTable", false)),
    dispose() {
      player.dispose();
      element.remove();
    },
  };
}

/** score = (1 − α) p − α s in symbols, and with one candidate's numbers. */
function formulaOf(alpha: number, step: ContrastiveStep, i: number, width: number): string[] {
  const [p, s] = [step.probability[i], step.penalty[i]];
  const a = number(significant(alpha, 3));
  const similarity = s < 0 ? `(${number(fixed(s, 3))})` : number(fixed(s, 3));
  const numbers = `(1 - ${a}) \\cdot ${number(fixed(p, 3))} - ${a} \\cdot ${similarity} = \\class{result}{${number(fixed(step.score[i], 3))}}`;
  return chain(["(1 - \\alpha)\\,p - \\alpha\\,s", numbers], width < 440);
}
