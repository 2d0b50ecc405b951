import { msg } from "../../core/contract/index.js";
import type { ExplorePart, StagesAt } from "../../core/decoding/trace.js";
import { h } from "../marks/dom.js";
import type { Frame, ViewHost } from "../view.js";
import { exploreFiles } from "./exploreFiles.js";
import { createGeneration } from "./generation.js";
import { branch, readForced, writeForced } from "./generationModel.js";
import { createPicker } from "./picker.js";
import { createPipeline } from "./pipeline.js";
import { valueOf } from "./sharedParts.js";
import type { Section, Shared } from "./tab.js";

export type Explore = Section & { position(): number };

/** Side by side from this width on. */
const wide = 700;
const gap = 28;
const widestPipeline = 560;
const narrowestText = 300;

/** The next token stage by stage, the number that picks it, and the text that it goes on to. */
export function createExplore(shared: Shared): Explore {
  const { host } = shared;
  let pointed: number | null = null;
  let moving: number | null = null;
  let marked = false;
  /** What was drawn last, which stays until a growing text has come to the position looked at. */
  let last: { readonly part: ExplorePart; readonly position: number; readonly key: string } | undefined;

  const point = (id: number | null): void => {
    if (id === pointed) return;
    pointed = id;
    mark(id);
    host.redraw();
  };
  /** Shows in the editor where the prompt has the token that is pointed at. */
  function mark(id: number | null): void {
    const { ids, spans } = shared.trace.prompt;
    const found = id === null || !spans ? [] : Array.from(ids, (each, i) => ({ each, start: spans[2 * i], end: spans[2 * i + 1] })).filter(({ each, start, end }) => each === id && end > start);
    if (found.length === 0 && !marked) return;
    marked = found.length > 0;
    host.post({ type: "highlight", spans: found.map(({ start, end }) => ({ start, end })) });
  }
  const part = (): ExplorePart => {
    const { explore } = shared.trace;
    if (!explore) throw new Error("Nothing was generated.");
    return explore;
  };
  const wanted = (): number => host.ui("position", 0);
  const go = (position: number): void => {
    moving = null;
    host.setUi("position", position);
  };
  // The explorer begins at the first token and stays where it is while the text grows, unlike the shell's own step.
  const stepHost = Object.create(host, {
    step: { value: () => moving ?? Math.min(wanted(), part().at.length - 1) },
    setStep: {
      value: (step: number) => {
        moving = Number.isInteger(step) ? null : step;
        if (moving === null) host.setUi("position", step);
        else host.redraw();
      },
    },
  }) as ViewHost;

  const pipeline = createPipeline(host, {
    name: (id) => shared.name(id),
    point,
    choose(id) {
      const position = shownAt().position;
      shared.change({ forced: writeForced(branch(readForced(valueOf(host.params(), "forced")), position, id)) });
      host.announce(host.t(msg("{0} is chosen; the text goes on from it.", shared.name(id))));
    },
    order: (order) => shared.change({ order }),
  });
  const picker = createPicker(host, { name: (id) => shared.name(id), point });
  const generation = createGeneration(stepHost, {
    name: (id) => shared.name(id), piece: (id) => shared.piece(id), go, back: () => shared.change({ forced: "" }),
  });
  const side = h("div", { class: "explore-side" }, picker.element, generation.element);
  const element = h("div", { class: "explore" }, pipeline.element, side);

  /** The position drawn, and the part it belongs to: the last one's while the new text is not yet as long. */
  function shownAt(): { readonly part: ExplorePart; readonly position: number } {
    const now = part();
    const position = Math.min(Math.round(moving ?? wanted()), now.at.length - 1);
    const growing = now.finish === "running" && wanted() > position;
    if (growing && last && last.key === shared.trace.key && last.position === wanted()) return last;
    return { part: now, position: Math.max(0, position) };
  }

  function draw(frame: Frame): void {
    const now = part();
    if (now.at.length === 0) return;
    const { part: shown, position } = shownAt();
    last = { part: shown, position, key: shared.trace.key };
    const columns = frame.width >= wide;
    const main = columns ? Math.min(widestPipeline, Math.max(frame.width * 0.56, frame.width - 400), frame.width - gap - narrowestText) : frame.width;
    const rest = columns ? frame.width - main - gap : frame.width;
    element.classList.toggle("columns", columns);
    pipeline.element.style.width = columns ? `${main}px` : "";
    side.style.width = columns ? `${rest}px` : "";
    const at: StagesAt = shown.at[position];
    const made = position < shown.ids.length;
    const params = host.params();
    const given = shared.trace.source.kind === "given";
    pipeline.draw({
      at, order: shown.order, other: position === 0 ? shown.other : undefined, temperature: shared.trace.config.temperature ?? 1,
      sampled: shared.trace.config.do_sample === true, chosen: made ? shown.ids[position] : null, choosable: !given, width: main,
    }, pointed);
    picker.draw({
      at, chosen: made ? shown.ids[position] : null, uniform: made ? shown.uniform[position] : NaN, below: made ? shown.below[position] : NaN,
      upTo: made ? shown.upTo[position] : NaN, leftBelow: made ? shown.leftBelow[position] : 0, forced: made && shown.forced[position] === 1, seed: valueOf(host.shownParams(), "random_state"),
      // A number is taken at every place, also where the reader chose.
      draw: position + 1, width: rest,
    }, pointed);
    generation.element.hidden = given;
    generation.draw({
      trace: shared.trace, part: now, position: stepHost.step(), positions: now.at.length, forced: valueOf(params, "forced") !== "",
      running: now.finish === "running", width: rest,
    });
  }

  return {
    element, draw,
    position: () => (shared.trace.explore ? shownAt().position : 0),
    pictures: () => [...pipeline.pictures(), ...picker.pictures()],
    files: () => exploreFiles(shared, () => shownAt().position),
    copies: () => (part().ids.length > 0 ? [{ label: msg("Copy the text"), text: () => shared.trace.prompt.text + part().text }] : []),
    leave: () => generation.player.stop(),
    key: (event) => generation.player.key(event),
    action: (name) => generation.player.action(name),
    toggleTable: () => host.setUi("decodingTable", !host.ui("decodingTable", false)),
    dispose() {
      generation.player.dispose();
      if (marked) host.post({ type: "highlight", spans: [] });
      element.remove();
    },
  };
}

