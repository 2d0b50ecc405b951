import { msg, type Message } from "../../core/contract/index.js";
import { createPlayer } from "../controls/player.js";
import { h, linkButton } from "../marks/dom.js";
import { textWidth } from "../marks/labels.js";
import { math } from "../marks/math.js";
import { fixed, percent } from "../text/number.js";
import type { Frame } from "../view.js";
import { beamFormula } from "./beamsFormula.js";
import { drawLanes, type LanesScene } from "./beamsLanes.js";
import { fittingSize, layoutOf, placeAt, sizes, within, type Layout, type Settled } from "./beamsLayout.js";
import { BeamsModel, penalised, same, type BeamCandidate, type BeamsPart, type Place } from "./beamsModel.js";
import { candidatesCsv, createFinishedTable, drawCandidates, finishedCsv } from "./beamsTable.js";
import { drawTokens } from "./compareTokens.js";
import { plain } from "./searchFiles.js";
import { stepWithin } from "./searchSteps.js";
import type { Section, Shared } from "./tab.js";

/** Beam search as ranked lanes: what goes on, what is cut, what has ended, and how each text came about. */
export function createBeams(shared: Shared): Section {
  const { host } = shared;
  let model: BeamsModel | undefined;
  let layout: Layout | undefined;
  let settled: Settled | undefined;
  let pointed: Place | null = null;
  let held: Place | null = null;
  let step = -1;
  /** What was drawn last, over which the trail of the candidate pointed at is drawn alone: a page of lanes is too much for each move. */
  let scene: Omit<LanesScene, "pointed"> | undefined;
  let width = 0;
  let hovering = 0;

  const figure = h("div", { class: "beams-scroll" });
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "beams-lanes");
  picture.setAttribute("role", "img");
  picture.setAttribute("tabindex", "0");
  figure.append(picture);
  const title = h("h2");
  const zoomIn = h("button", { type: "button", "aria-label": host.t(msg("Zoom in")) }, "+");
  const zoomOut = h("button", { type: "button", "aria-label": host.t(msg("Zoom out")) }, "\u2212");
  const fit = linkButton(host.t(msg("Fit")), () => host.setUi("beamsSize", null));
  const tools = h("span", { class: "decoding-tools" }, h("span", { class: "segmented", role: "group", "aria-label": host.t(msg("Zoom")) }, zoomOut, zoomIn), fit);
  const player = createPlayer(host, { label: (at) => msg("Token {0} of {1}", stepWithin(at, model?.steps ?? 1) + 1, model?.steps ?? 1), detail: (at) => stepSentence(stepWithin(at, model?.steps ?? 1)) });
  const path = h("p", { class: "decoding-tokens beams-path" });
  const sentence = h("p", { class: "decoding-sentence" });
  const formula = h("div", { class: "decoding-formula" });
  const finished = createFinishedTable(host, (which) => {
    host.setUi("beamsChosen", which);
    const last = model?.finishedPath(which).at(-1);
    if (last) host.announce(describe(last));
  });
  const twin = h("div", { class: "decoding-twin" });
  const element = h("div", { class: "beams" }, h("div", { class: "decoding-head" }, title, tools), figure, player.element, path, sentence, formula, finished.element, twin);

  zoomIn.addEventListener("click", () => zoom(-1));
  zoomOut.addEventListener("click", () => zoom(1));
  figure.addEventListener("scroll", () => host.redraw());
  figure.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (event.deltaY !== 0) zoom(event.deltaY > 0 ? 1 : -1);
  }, { passive: false });
  picture.addEventListener("pointermove", (event) => point(under(event), false));
  picture.addEventListener("pointerleave", () => point(null, false));
  picture.addEventListener("click", (event) => {
    const place = under(event);
    held = place === null || same(place, held) ? null : place;
    point(place, true);
    host.redraw();
  });
  picture.addEventListener("blur", () => point(null, false));
  picture.addEventListener("keydown", onKey);

  const part = (): BeamsPart | undefined => (shared.trace.search?.kind === "beams" ? shared.trace.search : undefined);
  const levelNow = (width: number): number => host.ui<number | null>("beamsSize", null) ?? (model ? fittingSize(model, width) : 0);
  const chosenNow = (): number => Math.min(host.ui("beamsChosen", 0), (model?.part.finished.length ?? 1) - 1);

  function zoom(by: number): void {
    const next = Math.max(0, Math.min(sizes.length - 1, levelNow(figure.clientWidth) + by));
    host.setUi("beamsSize", next);
  }

  function under(event: MouseEvent): Place | null {
    if (!model || !layout) return null;
    const box = picture.getBoundingClientRect();
    return placeAt(layout, model, event.clientX - box.left, event.clientY - box.top);
  }

  function point(place: Place | null, spoken: boolean): void {
    if (same(place, pointed)) return;
    pointed = place;
    if (place && spoken) host.announce(describe(place));
    hovering ||= requestAnimationFrame(() => {
      hovering = 0;
      drawPointed();
    });
  }

  /** ↑ ↓ through a step's ranks, ← → along the beam. */
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !model) return;
    const from = pointed ?? held ?? pathNow().at(-1) ?? null;
    const next = from && { ArrowUp: () => ranked(from, -1), ArrowDown: () => ranked(from, 1), ArrowLeft: () => model?.parent(from) ?? null, ArrowRight: () => model?.children(from)[0] ?? null }[event.key];
    if (next) {
      const place = pointed || held ? next() : from;
      if (place) {
        point(place, true);
        if (place.step > step) host.setStep(place.step);
        reveal(place.step);
      }
    } else if (event.key === "Enter" && pointed) held = same(held, pointed) ? null : pointed;
    else if (event.key === "Escape" && (pointed || held)) {
      held = null;
      point(null, false);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    host.redraw();
  }

  function ranked(place: Place, by: number): Place | null {
    if (!model) return null;
    const size = model.candidates(place.step, place.group).length;
    const rank = model.rank(place) + by;
    if (rank >= 0 && rank < size) return { ...place, index: model.indexOf(place.step, place.group, rank) };
    const group = place.group + by;
    const other = group >= 0 && group < model.part.groups ? model.candidates(place.step, group).length : 0;
    return other === 0 ? place : { step: place.step, group, index: model.indexOf(place.step, group, by > 0 ? 0 : other - 1) };
  }

  /** The chosen text's path; where nothing has ended, that of the best beam. */
  function pathNow(): Place[] {
    if (!model) return [];
    if (model.part.finished.length > 0) return model.finishedPath(chosenNow());
    const last = model.steps - 1;
    const best = model.part.steps[last]?.[0]?.running[0];
    return best === undefined ? [] : model.path({ step: last, group: 0, index: best });
  }

  function name({ token, fate }: BeamCandidate): string {
    return (fate === "finished" || fate === "dropped") && shared.trace.source.eos.includes(token) ? host.t(msg("end")) : shared.name(token);
  }

  function describe(place: Place): string {
    const candidate = model?.at(place);
    if (!model || !candidate) return "";
    const score = penalised(candidate.sum, place.step + 1, model.part.lengthPenalty);
    return host.t(msg("{0}: step {1}, rank {2}, p {3}, sum {4}, score {5}. {6}", name(candidate), place.step + 1, model.rank(place) + 1, percent(Math.exp(candidate.logProbability), 1), fixed(candidate.sum, 2), fixed(score, 3), fateSentence(place, candidate)));
  }

  function fateSentence(place: Place, { fate }: BeamCandidate): Message {
    if (!model) return msg("It goes on.");
    switch (fate) {
      case "running":
        return model.children(place).length > 0 || place.step + 1 >= model.steps ? msg("It goes on.") : msg("It goes on, but nothing that follows is among the best.");
      case "finished": {
        const which = model.finishedAt(place);
        return which < 0 ? msg("It ended, and better texts took its place later.") : msg("It ended and is finished text {0} of {1}.", which + 1, model.part.finished.length);
      }
      case "dropped":
        return msg("It ended, but not among the first {0}, so it is dropped.", Math.round(model.part.width / model.part.groups));
      case "pruned":
        return msg("It is cut: {0} others are better.", model.kept(place.step, place.group));
    }
  }

  function stepSentence(at: number): Message | undefined {
    const groups = model?.part.steps[at];
    if (!groups) return undefined;
    const all = groups.flatMap(({ candidates }) => candidates);
    const on = all.filter(({ fate }) => fate === "running").length;
    const ended = all.filter(({ fate }) => fate === "finished").length;
    return ended > 0 ? msg("{0} of {1} candidates go on, {2} ended", on, all.length, ended) : msg("{0} of {1} candidates go on", on, all.length);
  }

  /** Scrolls the lanes just so far that a column is seen. */
  function reveal(column: number): void {
    if (!layout) return;
    const x = layout.left + column * layout.size.column;
    const [from, to] = [figure.scrollLeft, figure.scrollLeft + figure.clientWidth];
    if (x - layout.size.column < from) figure.scrollLeft = Math.max(0, x - layout.size.column);
    else if (x + layout.size.width + 8 > to) figure.scrollLeft = x + layout.size.width + 8 - figure.clientWidth;
  }

  function draw(frame: Frame): void {
    const now = part();
    if (!now) return;
    if (model?.part !== now) {
      const kept = model && pointed;
      model = new BeamsModel(now);
      pointed = kept && model.at(kept) ? kept : null;
      held = held && model.at(held) ? held : null;
    }
    const { key } = shared.trace;
    if (settled?.key !== key) settled = undefined;
    const before = now.finish === "running" ? settled : undefined;
    const level = host.ui<number | null>("beamsSize", null) ?? before?.level ?? fittingSize(model, frame.width);
    const palette = host.palette();
    const prompt = promptEnd(shared.trace.prompt.text);
    const room = Math.min(frame.width < 480 ? 56 : 96, Math.ceil(textWidth(prompt, `12px ${palette.mono}`)) + 4);
    layout = layoutOf(model, level, room + 28, frame.width);
    if (before) layout = within(layout, before.level === level ? before : layout);
    const at = stepWithin(frame.step, model.steps);
    const moved = before === undefined && at !== (settled?.step ?? step);
    step = at;
    if (now.finish !== "running") settled = { key, level, step, width: layout.width, height: layout.height };
    title.replaceChildren(host.t(now.groups > 1 ? msg("How {0} beams in {1} groups got there", now.width, now.groups) : msg("How {0} beams got there", now.width)), " ", h("span", {}, host.t(legend(frame.width))));
    tools.querySelectorAll("button").forEach((button, i) => i < 2 && button.toggleAttribute("disabled", i === 0 ? level >= sizes.length - 1 : level <= 0));
    fit.hidden = host.ui<number | null>("beamsSize", null) === null;
    width = frame.width;
    scene = { model, layout, palette, step, window: [figure.scrollLeft, figure.scrollLeft + Math.max(frame.width, figure.clientWidth)], path: pathNow(), prompt, name };
    drawPointed();
    // Only now is the picture as wide as a search that has grown.
    if (moved) reveal(step);
    picture.setAttribute("aria-label", host.t(msg("Beams as lanes: {0} steps, {1} candidates. Arrow keys walk through them.", model.steps, model.size)));
    player.draw({ steps: model.steps, step });
    finished.element.hidden = now.finished.length === 0;
    finished.draw(model, chosenNow(), frame.width, promptEnd(shared.trace.prompt.text).replace(/^\u2026 /, ""));
    twin.hidden = !host.ui("searchTable", false);
    if (!twin.hidden) drawCandidates(twin, shared, model, step, frame.width);
  }

  /** The trail to the candidate pointed at, and what is told of it. */
  function drawPointed(): void {
    if (!scene || !element.isConnected) return;
    const shown = pointed ?? held;
    drawLanes(picture, host, { ...scene, pointed: shown });
    drawDetails(shown ?? scene.path[Math.min(step, scene.path.length - 1)] ?? null, width);
  }

  function legend(width: number): Message {
    const most = model?.rows ?? 0;
    return width < 480 ? msg("ranked by running log-probability") : msg("{0} candidates a step, ranked by running log-probability; thicker = likelier", most);
  }

  function drawDetails(place: Place | null, width: number): void {
    const candidate = place && model?.at(place);
    path.hidden = sentence.hidden = formula.hidden = !candidate;
    if (!place || !candidate || !model) return;
    const tokens = model.path(place).map((at) => model!.at(at)!);
    drawTokens(path, [
      { text: promptEnd(shared.trace.prompt.text), className: "quiet" },
      ...tokens.map((token) => ({ text: name(token) === host.t(msg("end")) ? ` \u25a0` : shared.piece(token.token), strength: Math.exp(token.logProbability), title: `${shared.name(token.token)}: p = ${percent(Math.exp(token.logProbability), 1)}` })),
    ], host.palette());
    sentence.textContent = host.t(fateSentence(place, candidate));
    math(beamFormula(host, model, place, width), formula);
  }

  return {
    element,
    draw,
    pictures() {
      if (!model || !layout) return [];
      // A file shows all columns, not only those that are scrolled to.
      drawLanes(picture, host, { model, layout, palette: host.palette(), step: model.steps - 1, window: [0, layout.width], path: pathNow(), pointed: null, prompt: promptEnd(shared.trace.prompt.text), name });
      host.redraw();
      return [picture];
    },
    files: () => (model ? [
      { label: msg("Finished texts (CSV)"), name: "beams.csv", data: () => finishedCsv(model!) },
      { label: msg("Candidates of all steps (CSV)"), name: "beams-candidates.csv", data: () => candidatesCsv(shared, model!) },
      { label: msg("Beam search (JSON)"), name: "beams.json", data: () => `${JSON.stringify(model!.part, plain, 1)}\n` },
    ] : []),
    copies: () => (model?.part.finished ?? []).slice(0, 1).map(({ text }) => ({ label: msg("Copy the best text"), text: () => text })),
    key(event) {
      if ((event.key === "[" || event.key === "]") && model && model.part.finished.length > 0) {
        const count = model.part.finished.length;
        host.setUi("beamsChosen", (chosenNow() + (event.key === "]" ? 1 : count - 1)) % count);
        return true;
      }
      if (event.key === "+" || event.key === "-") {
        zoom(event.key === "+" ? -1 : 1);
        return true;
      }
      if (event.key === "0") {
        host.setUi("beamsSize", null);
        return true;
      }
      return player.key(event);
    },
    leave: () => player.stop(),
    action: (action) => player.action(action),
    toggleTable: () => host.setUi("searchTable", !host.ui("searchTable", false)),
    dispose() {
      cancelAnimationFrame(hovering);
      player.dispose();
      element.remove();
    },
  };
}

/** The last word of the prompt, with what stands behind it. */
export function promptEnd(text: string): string {
  const words = text.trimEnd().split(/\s+/);
  const last = words[words.length - 1] ?? "";
  return words.length > 1 ? `\u2026 ${last}` : last;
}
