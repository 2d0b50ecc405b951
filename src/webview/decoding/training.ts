import { msg, type Message } from "../../core/contract/index.js";
import type { TrainingPart } from "../../core/decoding/trace.js";
import { csvLine } from "../../core/text/csvLine.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, percent } from "../text/number.js";
import { segmented } from "../controls/segmented.js";
import { drawFormulas } from "../marks/formulas.js";
import type { Frame } from "../view.js";
import { drawTokens, piecesOf, withBreaks } from "./compareTokens.js";
import { createFilters, filtersCsv } from "./filters.js";
import { plain } from "./searchFiles.js";
import type { Section, Shared } from "./tab.js";
import { createTermBars } from "./trainingBars.js";
import { gradientFormula, lossFormula } from "./trainingFormula.js";
import { createGradientBars } from "./trainingGradients.js";
import { createTrainingMaps } from "./trainingMaps.js";
import { candidatesAt, costliest, countOf, gradientsAt, isPredicted, sequenceTerm, unlikelihoodTerm, type Level } from "./trainingModel.js";

/** What training against repetition would do to this text: unlikelihood, SimCTG; and what filters take out behind it. */
export function createTraining(shared: Shared): Section {
  const { host } = shared;
  let chosen: { readonly part: TrainingPart; readonly place: number } | undefined;
  let hovered: number | null = null;
  let seen: TrainingPart | undefined;

  const levels = segmented<Level>(host.t(msg("Unlikelihood")), [{ value: "token", label: host.t(msg("token level")) }, { value: "sequence", label: host.t(msg("sequence level")) }], (value) => host.setUi("trainingLevel", value));
  const totals = h("p", { class: "decoding-sentence" });
  const text = h("p", { class: "decoding-tokens training-text", role: "group", "aria-label": host.t(msg("The text in tokens")) });
  const terms = createTermBars(host);
  const scroll = h("div", { class: "training-scroll" }, terms.element);
  const placeTitle = h("h2");
  const placeSentence = h("p", { class: "decoding-sentence" });
  const loss = h("div", { class: "decoding-formula" });
  const gradients = createGradientBars(host);
  const slope = h("div", { class: "decoding-formula" });
  const detail = h("div", { class: "training-detail" }, h("div", { class: "training-loss" }, placeTitle, placeSentence, loss, slope), gradients.element);
  const maps = createTrainingMaps(shared);
  const filters = createFilters(host);
  const table = h("div", { class: "decoding-twin" });
  const element = h("section", { class: "decoding-training", "aria-label": host.t(msg("Training and after")) },
    h("div", { class: "decoding-head" }, h("h2", {}, host.t(msg("Unlikelihood training")), " ", h("span", {}, host.t(msg("what each token costs, and what a step would change")))), levels.element),
    totals, text, scroll, detail, maps.element, filters.element, table);

  terms.element.addEventListener("pointermove", (event) => point(terms.placeAt(event.clientX - terms.element.getBoundingClientRect().left)));
  terms.element.addEventListener("pointerleave", () => point(null));
  terms.element.addEventListener("click", (event) => choose(terms.placeAt(event.clientX - terms.element.getBoundingClientRect().left)));
  terms.element.addEventListener("keydown", (event) => {
    const now = part();
    if (event.ctrlKey || event.metaKey || event.altKey || !now) return;
    const at = placeNow(now);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: now.ids.length - 1 }[event.key];
    if (next === undefined) return;
    choose(Math.max(0, Math.min(now.ids.length - 1, next)), true);
    event.preventDefault();
    event.stopPropagation();
  });
  const tokenAt = (event: Event): number | null => {
    const place = (event.target as Element).closest<HTMLElement>("[data-token]")?.dataset.token;
    return place === undefined ? null : Number(place);
  };
  text.addEventListener("pointermove", (event) => point(tokenAt(event)));
  text.addEventListener("pointerleave", () => point(null));
  text.addEventListener("click", (event) => choose(tokenAt(event)));

  const part = (): TrainingPart | undefined => shared.trace.training;
  const levelNow = (): Level => host.ui<Level>("trainingLevel", "token");
  const placeNow = (now: TrainingPart): number => (chosen?.part === now ? chosen.place : costliest(now, levelNow()));
  const alphaNow = (): number => (typeof host.shownParams().alpha === "number" ? (host.shownParams().alpha as number) : 1);

  function point(place: number | null): void {
    if (place === hovered) return;
    hovered = place;
    host.redraw();
  }

  function choose(place: number | null, byKey = false): void {
    const now = part();
    if (place === null || !now) return;
    chosen = { part: now, place };
    host.announce(host.t(placeMessage(now, place)));
    if (byKey) bringIntoView(place);
    host.redraw();
  }

  function bringIntoView(place: number): void {
    const [from, to] = terms.extent(place);
    if (from < scroll.scrollLeft) scroll.scrollLeft = from - 20;
    else if (to > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = to + 20 - scroll.clientWidth;
  }

  function placeMessage(now: TrainingPart, place: number): Message {
    return msg("{0}, token {1}: −log p {2}, unlikelihood {3}", shared.name(now.ids[place]), place + 1, fixed(now.likelihood[place], 3), fixed(unlikelihoodTerm(now, levelNow(), place), 3));
  }

  function draw(frame: Frame): void {
    const now = part();
    if (!now) return;
    const level = levelNow();
    const place = placeNow(now);
    levels.show(level);
    totals.textContent = host.t(totalsSentence(now, level));
    drawText(now, level, place);
    terms.draw({ part: now, level, width: frame.width, chosen: place, hovered, name: (id) => shared.name(id) });
    if (seen !== now) bringIntoView(place);
    seen = now;
    const wide = frame.width >= 620;
    element.classList.toggle("wide", wide);
    drawDetail(now, level, place, frame.width, wide);
    maps.draw(now, frame.width);
    filters.draw(now);
    table.hidden = !host.ui("trainingTable", false);
    if (!table.hidden) drawTwin(now, frame.width);
  }

  function totalsSentence(now: TrainingPart, level: Level): Message {
    const n = now.likelihood.filter((cost) => !Number.isNaN(cost)).length;
    if (level === "token") return msg("Over {0} tokens −log p and α = {1} times unlikelihood sum to {2}, {3} a token. At each place the tokens before count as candidates, but not the one that stands there.", n, fixed(alphaNow(), 2), fixed(now.tokenLoss, 2), fixed(now.tokenLoss / Math.max(1, n), 3));
    const repeated = countOf(now.sequenceMask);
    if (repeated === 0) return msg("No n-gram of this text occurs twice, so the sequence-level loss is 0.");
    return msg("{0} of {1} tokens lie in n-grams that occurred before: the sequence-level loss of {2} makes them less likely.", repeated, now.ids.length, fixed(now.sequenceLoss, 2));
  }

  function drawText(now: TrainingPart, level: Level, place: number): void {
    const candidates = new Set(candidatesAt(now, level, place));
    drawTokens(text, piecesOf(now.text, now.ends).map((piece, i) => ({
      text: withBreaks(piece),
      repeated: now.sequenceMask[i] === 1,
      className: [i < now.promptLength ? "quiet" : "", i === place ? "current" : i === hovered ? "outlined" : "", i < place && candidates.has(now.ids[i]) ? "candidate" : ""].filter(Boolean).join(" "),
      title: host.t(placeMessage(now, i)),
    })), host.palette());
  }

  function drawDetail(now: TrainingPart, level: Level, place: number, width: number, wide: boolean): void {
    const figure = wide ? Math.max(280, width * 0.44) : width;
    const room = wide ? width - figure - 28 : width;
    const unpredicted = !isPredicted(now, place);
    placeTitle.replaceChildren(host.t(msg("At {0}", shared.name(now.ids[place]))), " ", h("span", {}, host.t(unpredicted ? msg("token {0}", place + 1) : msg("token {0}, p = {1}", place + 1, percent(Math.exp(-now.likelihood[place]), 1)))));
    const candidates = candidatesAt(now, level, place);
    const outside = unpredicted || (level === "sequence" && now.sequenceMask[place] === 0);
    placeSentence.textContent = host.t(unpredicted
      ? msg("The model predicts nothing here: nothing stands before the first token, or the text is longer than the model reads.")
      : outside ? msg("It lies in no repeated n-gram: nothing is pushed here.")
      : level === "token"
        ? candidates.length === 0 ? msg("No other token stands before it: only its own likelihood counts.") : msg("{0} tokens that stand before it are pushed down, the token itself is pushed up.", candidates.length)
        : msg("It continues an n-gram that occurred before: it is pushed down, everything else up."));
    loss.hidden = slope.hidden = outside;
    if (!outside) {
      drawFormulas(loss, lossFormula(now, level, place, alphaNow(), room < 520));
      drawFormulas(slope, gradientFormula(now, level, place, alphaNow(), room < 460));
    }
    const rows = outside ? [] : gradientsAt(now, level, place).map(({ id, value }) => ({ name: shared.name(id), value, self: id === now.ids[place] }));
    gradients.element.toggleAttribute("hidden", rows.length === 0);
    if (rows.length > 0) gradients.draw(rows, Math.min(figure, 460));
  }

  function drawTwin(now: TrainingPart, width: number): void {
    drawTable(table, {
      caption: host.t(msg("Every token's losses")),
      columns: [
        { title: host.t(msg("token")) }, { title: host.t(msg("place")), numeric: true, secondary: true }, { title: "\u2212log p", numeric: true }, { title: host.t(msg("unlikelihood")), numeric: true },
        { title: host.t(msg("candidates")), numeric: true, secondary: true }, { title: host.t(msg("sequence level")), numeric: true },
      ],
      rows: Array.from(now.ids, (id, t) => {
        const term = sequenceTerm(now, t);
        return { cells: [
          { text: shared.name(id), className: "mono" }, fixed(t + 1, 0), { text: fixed(now.likelihood[t], 3), title: exact(now.likelihood[t]) }, { text: fixed(now.unlikelihood[t], 3), title: exact(now.unlikelihood[t]) },
          fixed(now.candidates[t].length, 0), now.sequenceMask[t] === 1 ? { text: fixed(term, 3), title: exact(term) } : "\u2013",
        ] };
      }),
      width,
    });
  }

  function csv(now: TrainingPart): string {
    const lines = Array.from(now.ids, (id, t) => csvLine([t + 1, id, shared.piece(id), now.likelihood[t], now.unlikelihood[t], now.candidates[t].length, now.sequenceMask[t], sequenceTerm(now, t)]));
    return csvLine(["place", "id", "token", "nll", "unlikelihood", "candidates", "repeated", "sequence_unlikelihood"]) + lines.join("");
  }

  function gradientCsv(now: TrainingPart): string {
    const lines = now.gradients.flatMap(({ ids, token, sequence }, t) => Array.from(ids, (id, i) => csvLine([t + 1, id, shared.piece(id), token[i], sequence[i]])));
    return csvLine(["place", "id", "token", "gradient_token_level", "gradient_sequence_level"]) + lines.join("");
  }

  return {
    element,
    draw,
    pictures: () => (part() ? [terms.element, ...(gradients.element.hasAttribute("hidden") ? [] : [gradients.element]), ...maps.pictures()] : []),
    files() {
      const now = part();
      if (!now) return [];
      return [
        { label: msg("Losses by token (CSV)"), name: "losses.csv", data: () => csv(now) },
        { label: msg("Gradients (CSV)"), name: "gradients.csv", data: () => gradientCsv(now) },
        { label: msg("What filters take out (CSV)"), name: "filters.csv", data: () => filtersCsv(host, now) },
        { label: msg("Training and after (JSON)"), name: "training.json", data: () => `${JSON.stringify(now, plain, 1)}\n` },
      ];
    },
    copies: () => (part()?.filters ?? []).filter(({ removed }) => removed.length > 0).map((filter) => ({ label: msg("Copy the result of: {0}", filter.name), text: () => filter.text })),
    toggleTable: () => host.setUi("trainingTable", !host.ui("trainingTable", false)),
    dispose: () => element.remove(),
  };
}
