import { attentionParams, type AttentionTab } from "../../core/attention/params.js";
import { attentionPython } from "../../core/attention/python.js";
import { attentionStory } from "../../core/attention/story.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg, type Message, type Problem } from "../../core/contract/index.js";
import { createTabs } from "../controls/tabs.js";
import { h } from "../marks/dom.js";
import { exportsOf, passedOn } from "../sections.js";
import { createRemarks } from "../shellRemarks.js";
import { compact } from "../text/number.js";
import type { Mounted, View, ViewHost } from "../view.js";
import { createCost } from "./cost.js";
import { createInside } from "./inside.js";
import { createLayers } from "./layers.js";
import { createMap } from "./map.js";
import { createPosition } from "./position.js";
import { createSequence } from "./sequence.js";
import { Shared } from "./shared.js";
import { valueOf } from "./sharedParts.js";
import { createSteps } from "./steps.js";
import type { CreateSection, Section } from "./tab.js";
import { createTextLine } from "./textLine.js";

/** What a model's tokens look at, and what becomes of it. */
export const attention: View<AttentionTrace> = { mount };

const panelId = "attention-panel";

/** A tab that is not here is not offered. */
const makers: { readonly [T in AttentionTab]?: CreateSection } = {
  map: createMap,
  steps: createSteps,
  sequence: createSequence,
  position: createPosition,
  cost: createCost,
  layers: createLayers,
  inside: createInside,
};

/** Tabs of the text that the model reads: their numbers are those of transformers. */
const pythonTabs: ReadonlySet<AttentionTab> = new Set(["map", "steps"]);

/** Tabs that are not made from the text. */
const textless: ReadonlySet<AttentionTab> = new Set(["sequence", "position", "cost"]);

/** The parameters that matter to a tab; those that have a place of their own in it are not in the form too. */
const forms: { readonly [T in AttentionTab]: readonly string[] } = {
  map: ["text_pair", "max_length"],
  steps: ["text_pair", "max_length"],
  sequence: [],
  position: ["hidden_size", "position", "max_position_embeddings", "target_length", "rope_theta", "num_attention_heads"],
  cost: ["sequence_length", "batch_size", "dtype"],
  layers: ["sentences", "layers", "layer_mean", "subtoken_pooling", "document_pooling"],
  inside: ["max_new_tokens", "listed", "repeat_length", "random_state"],
};

function mount(root: HTMLElement, host: ViewHost): Mounted<AttentionTrace> {
  const shared = new Shared(host, drawLine);
  const offered = attentionParams.tab.options.filter(({ value }) => makers[value] !== undefined);
  const tabs = createTabs(host, { name: "attention", label: msg("Views of attention"), tabs: offered, panel: panelId, open: (tab) => shared.show(tab) });
  const panel = h("div", { class: "attention-panel", id: panelId, role: "tabpanel" });
  const waiting = h("p", { class: "quiet" }, host.t(msg("Not computed yet.")));
  const box = h("div", { class: "attention" }, tabs.element, panel);
  const line = createTextLine(host, (text) => shared.change({ text, token: -1 }), (source) => shared.change({ source, token: -1 }));
  const remarks = createRemarks(host);
  const lead = h("div", { class: "attention-lead" }, line.element, remarks.element);
  root.append(box);
  const made = new Map<AttentionTab, Section>();
  /** The notes of each tab's last run. */
  const notes = new Map<AttentionTab, readonly Problem[]>();
  let steps = 1;
  let width = 0;

  function sectionOf(tab: AttentionTab): Section | undefined {
    const known = made.get(tab);
    if (known) return known;
    const section = makers[tab]?.(shared);
    if (section) made.set(tab, section);
    return section;
  }

  function drawLine(): void {
    const params = shared.params();
    line.draw({ trace: shared.ready ? shared.trace : undefined, typed: valueOf(params, "text"), source: valueOf(params, "source"), marks: shared.marks, reads: !textless.has(shared.tab), whole: shared.tab !== "layers" });
  }

  /** A run is of one tab. */
  function take(trace: AttentionTrace): void {
    const of = offered.find(({ value }) => trace[value] !== undefined);
    if (of) notes.set(of.value, trace.notes);
  }

  function drawRemarks(): void {
    remarks.show(notes.get(shared.tab) ?? []);
  }

  const shown = (): Section | undefined => (shared.ready && shared.drawable ? sectionOf(shared.tab) : undefined);
  const sections = (): readonly Section[] => [shown()].filter((section) => section !== undefined);

  return {
    draw(trace, frame) {
      width = frame.width;
      shared.update(trace, frame);
      take(trace);
      drawRemarks();
      tabs.show(shared.tab);
      panel.setAttribute("aria-labelledby", `attention-tab-${shared.tab}`);
      const section = shown();
      const content = section?.element ?? waiting;
      if (panel.firstElementChild !== content) panel.replaceChildren(content);
      // A part made with older parameters is shown as old while the new one is computed.
      section?.draw(shared.current || frame.status !== "complete" ? frame : { ...frame, status: "stale" });
    },
    steps(trace) {
      const section = made.get(shared.tab);
      if (trace[shared.tab] !== undefined) steps = section?.steps?.(trace) ?? 1;
      return steps;
    },
    story: (trace, step) => (shared.ready ? attentionStory(shared.trace, shared.tab, { token: shared.token, step }) : attentionStory(trace, shared.tab, { token: 0, step })),
    rows: (trace) => ({ label: sourceLabel(trace, width < 480, shared.tab), notes: trace.notes }),
    copies(trace) {
      const python = { label: msg("Copy as Python (transformers)"), text: () => attentionPython(shared.ready ? shared.trace : trace, shared.tab, shared.ready ? shared.token : 0) };
      return [...(pythonTabs.has(shared.tab) ? [python] : []), ...(shown()?.copies() ?? [])];
    },
    exports: () => exportsOf(host, "attention", shared.tab, shared.ready ? shared.trace.tokens.text.slice(0, 80) : "", sections()),
    ...passedOn(sections),
    caret(offset) {
      const token = offset === null ? null : shared.tokenAt(offset);
      if (token === null || token === shared.token) return;
      shared.choose(token);
      shown()?.caret?.(token);
    },
    form: () => forms[shared.tab],
    lead: {
      element: lead,
      draw() {
        drawLine();
        drawRemarks();
      },
    },
    dispose() {
      for (const section of made.values()) section.dispose();
      line.dispose();
      shared.dispose();
      box.remove();
      lead.remove();
    },
  };
}

/** What the attention comes from, and how much of it there is. */
function sourceLabel({ source, tokens, cost }: AttentionTrace, narrow: boolean, tab: AttentionTab): Message {
  // The model that is counted may be another than the one in use.
  if (tab === "cost" && cost) return sizeText(cost.sizes);
  if (tab === "sequence" && source.kind !== "states") return msg("built-in encoder-decoder");
  const count = tokens.pieces.length === 1 ? msg("1 token") : msg("{0} tokens", compact(tokens.pieces.length));
  const size = sizeText(source);
  switch (source.kind) {
    case "model":
      if (narrow) return count;
      return source.name === ""
        ? msg("{0}, built-in model, {1}", count, size)
        : msg("{0}, {1}, {2}", count, source.name, size);
    case "maps":
      return msg("maps of your own, {0}", size);
    case "matrices":
      return msg("matrices of your own, heads: {0}", source.heads);
    case "states":
      return msg("states of your own");
    case "none":
      return msg("no text");
  }
}

function sizeText({ layers, heads }: { readonly layers: number; readonly heads: number }): Message {
  if (layers === 1) return heads === 1 ? msg("1 layer × 1 head") : msg("1 layer × {0} heads", heads);
  return heads === 1 ? msg("{0} layers × 1 head", layers) : msg("{0} layers × {1} heads", layers, heads);
}
