import { msg, type Message } from "../../core/contract/index.js";
import { decodingParams, type DecodingTab } from "../../core/decoding/params.js";
import { llamaCppFlags } from "../../core/decoding/llamaCpp.js";
import { decodingPresets } from "../../core/decoding/presets.js";
import { decodingPython } from "../../core/decoding/python.js";
import { decodingStory } from "../../core/decoding/story.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import { createTabs } from "../controls/tabs.js";
import { h } from "../marks/dom.js";
import { exportsOf, passedOn } from "../sections.js";
import { compact } from "../text/number.js";
import type { Values } from "../../core/protocol.js";
import { createRemarks } from "../shellRemarks.js";
import type { Mounted, Preset, View, ViewHost } from "../view.js";
import { createCompare } from "./compare.js";
import { createControls } from "./controls.js";
import { createExplore, type Explore } from "./explore.js";
import { createPromptBox } from "./prompt.js";
import { createSearch } from "./search.js";
import { Shared } from "./shared.js";
import { valueOf } from "./sharedParts.js";
import type { Section } from "./tab.js";
import { createTraining } from "./training.js";
import { createWaiting } from "./waiting.js";

/** How a language model's next token is chosen: stage by stage, along a search, by several strategies, and after training. */
export const decoding: View<DecodingTrace> = { mount };

const panelId = "decoding-panel";

const makers: { readonly [T in Exclude<DecodingTab, "explore">]: (shared: Shared) => Section } = {
  search: createSearch, compare: createCompare, training: createTraining,
};

function mount(root: HTMLElement, host: ViewHost): Mounted<DecodingTrace> {
  const shared = new Shared(host);
  const tabs = createTabs(host, { name: "decoding", label: msg("Views of decoding"), tabs: decodingParams.tab.options, panel: panelId, open: (tab) => shared.show(tab) });
  const panel = h("div", { class: "decoding-panel", id: panelId, role: "tabpanel" });
  const waiting = createWaiting(shared.host, () => shared.tab);
  const box = h("div", { class: "decoding" }, tabs.element, panel);
  const prompt = createPromptBox(host, (text) => shared.change({ prompt: text, forced: "" }), (source) => shared.change({ source, forced: "" }));
  const controls = createControls(host, (patch) => shared.change(patch), (preset) => shared.change(presetFor(shared.tab, preset)));
  const remarks = createRemarks(host);
  const lead = h("div", { class: "decoding-lead" }, prompt.element, controls.element, remarks.element);
  root.append(box);
  const made = new Map<DecodingTab, Section>();
  let explore: Explore | undefined;
  let inSight: Section | undefined;
  let width = 0;

  function sectionOf(tab: DecodingTab): Section {
    const known = made.get(tab);
    if (known) return known;
    const section = tab === "explore" ? (explore = createExplore(shared)) : makers[tab](shared);
    made.set(tab, section);
    return section;
  }

  const shown = (): Section | undefined => (shared.ready && shared.drawable ? sectionOf(shared.tab) : undefined);
  const sections = (): readonly Section[] => [shown()].filter((section) => section !== undefined);

  return {
    draw(trace, frame) {
      width = frame.width;
      shared.update(trace, frame);
      tabs.show(shared.tab);
      panel.setAttribute("aria-labelledby", `decoding-tab-${shared.tab}`);
      const section = shown();
      if (inSight !== section) inSight?.leave?.();
      inSight = section;
      if (!section) waiting.draw();
      const content = section?.element ?? waiting.element;
      if (panel.firstElementChild !== content) panel.replaceChildren(content);
      // A part made with older parameters is shown as old while the new one is computed.
      section?.draw(shared.current || frame.status !== "complete" ? frame : { ...frame, status: "stale" });
    },
    // Each tab's player has steps of its own.
    steps: () => 1,
    story(trace) {
      const told = shared.ready ? shared.trace : trace;
      return decodingStory(told, shared.tab, made.get(shared.tab)?.position?.() ?? 0);
    },
    rows: (trace) => ({ label: sourceLabel(trace, width < 480), notes: trace.notes }),
    copies(trace) {
      const told = shared.ready ? shared.trace : trace;
      const seed = valueOf(host.shownParams(), "random_state");
      return [
        { label: msg("Copy as Python (transformers)"), text: () => decodingPython(told, shared.tab, seed) },
        { label: msg("Copy as llama.cpp flags"), text: () => llamaCppFlags(told, seed) },
        ...(shown()?.copies() ?? []),
      ];
    },
    exports: () => exportsOf(host, "decoding", shared.tab, shared.ready ? shared.trace.prompt.text.slice(0, 80) : "", sections()),
    ...passedOn(sections),
    form: () => formOf(shared),
    presets: () => decodingPresets,
    lead: {
      element: lead,
      draw() {
        const params = shared.params();
        const trace = shared.ready ? shared.trace : undefined;
        const at = shared.tab === "explore" ? trace?.explore?.at[explore?.position() ?? 0] : undefined;
        prompt.draw({ trace, at, typed: valueOf(params, "prompt"), source: valueOf(params, "source"), piece: (id) => shared.piece(id) });
        controls.element.hidden = shared.tab === "compare";
        remarks.show(trace?.notes ?? []);
        // A file that can't be read as it stands: what is shown are the parameters of its last valid state.
        const unread = host.source()?.config?.broken === true;
        for (const part of [lead, box]) part.classList.toggle("unread", unread);
        controls.draw(params, decodingPresets);
      },
    },
    dispose() {
      for (const section of made.values()) section.dispose();
      prompt.dispose();
      shared.dispose();
      box.remove();
      lead.remove();
    },
  };
}

/** A preset's parameters on a tab: one that searches nothing is shown by the next token, not by an empty search. */
function presetFor(tab: DecodingTab, { params }: Preset): Values {
  const searches = Number(params.num_beams ?? 1) > 1 || Number(params.penalty_alpha ?? 0) > 0;
  return tab === "search" && !searches && params.tab === undefined ? { ...params, tab: "explore" } : params;
}

/** What the probabilities come from, and how many tokens it knows. */
function sourceLabel({ source }: DecodingTrace, narrow: boolean): Message {
  const size = compact(source.vocabularySize);
  switch (source.kind) {
    case "model":
      if (source.name === "") return narrow ? msg("built-in model") : msg("built-in model, {0} tokens", size);
      return narrow ? msg("{0}", source.name) : msg("{0}, {1} tokens", source.name, size);
    case "words":
      return narrow ? msg("{0} words", size) : msg("n-gram model, {0} words", size);
    case "characters":
      return narrow ? msg("{0} characters", size) : msg("n-gram model, {0} characters", size);
    case "given":
      return source.vocabularySize === 1 ? msg("1 given token") : msg("{0} given tokens", size);
    case "server":
      return narrow ? msg("{0}", source.name) : msg("server {0}", source.name);
  }
}

/** The parameters that matter to the tab shown; the sliders above the form are not in it twice. */
function formOf(shared: Shared): readonly string[] {
  const { kind } = shared.ready ? shared.trace.source : { kind: "model" };
  const source = [...(kind === "words" || kind === "characters" ? ["order_n"] : [])];
  const length = ["min_new_tokens", "max_new_tokens"];
  const pipeline = [
    "do_sample", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "frequency_penalty", "presence_penalty", "noise", "no_repeat_ngram_size", "bad_words",
  ];
  const search = ["num_beams", "num_beam_groups", "diversity_penalty", "length_penalty", "early_stopping", "penalty_alpha"];
  switch (shared.tab) {
    case "explore":
      return [...source, ...pipeline, ...length, "order", "random_state", "ngram", "listed"];
    case "search":
      return [...source, ...search, ...pipeline, ...length, "random_state"];
    case "compare":
      return [...source, ...length, "samples", "ngram", "random_state"];
    case "training":
      return [...source, ...pipeline, ...search, ...length, "random_state", "ngram", "alpha", "margin"];
  }
}
