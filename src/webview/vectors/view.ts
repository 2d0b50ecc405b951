import { msg, type Message } from "../../core/contract/index.js";
import { vectorStory } from "../../core/vectors/story.js";
import { vectorParams, type Tab } from "../../core/vectors/params.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import { createTabs } from "../controls/tabs.js";
import { h } from "../marks/dom.js";
import { exportsOf, passedOn } from "../sections.js";
import { compact } from "../text/number.js";
import type { Frame, Mounted, StoryPart, View, ViewHost } from "../view.js";
import { createHeatmap, type Heatmap } from "./heatmap.js";
import { vectorsLayout } from "./layout.js";
import { createMap, mapSteps } from "./map/index.js";
import { createNeighbours } from "./neighbours.js";
import { createOneHot } from "./oneHot.js";
import { Shared } from "./shared.js";
import { tabOf } from "./sharedParts.js";
import { createStrips } from "./strips.js";
import type { Section } from "../section.js";

/** Vectors beside one another: what is like what, number by number, nearest, mapped, and as one-hot rows. */
export const vectors: View<VectorsTrace> = { mount };

/** What a tab is made of. */
type TabView = {
  readonly element: HTMLElement;
  /** What stands at the right of the tabs' names. */
  readonly tools?: HTMLElement;
  readonly heatmap?: Heatmap;
  /** The tab's own sections, the main one first. */
  readonly sections: readonly Section[];
  draw(frame: Frame): void;
};

const panelId = "vectors-panel";

function mount(root: HTMLElement, host: ViewHost): Mounted<VectorsTrace> {
  const shared = new Shared(host);
  const tabs = createTabs(host, { name: "vectors", label: msg("Views of the vectors"), tabs: vectorParams.tab.options, panel: panelId, open: (tab) => shared.show(tab) });
  const tools = h("div", { class: "vectors-tools" });
  const panel = h("div", { class: "vectors-panel", id: panelId, role: "tabpanel" });
  // The headline says what is awaited, and under it stands how far it is, or why it does not come.
  const waiting = h("p", { hidden: true });
  const box = h("div", { class: "vectors" }, h("div", { class: "vectors-bar" }, tabs.element, tools), panel);
  root.append(box);
  const made = new Map<Tab, TabView>();
  let steps = 1;
  let width = 0;

  function viewOf(tab: Tab): TabView {
    const known = made.get(tab);
    if (known) return known;
    const view = tab === "heatmap" ? heatmapTab(shared) : single(makers[tab](shared));
    made.set(tab, view);
    return view;
  }

  function shown(): TabView | undefined {
    return shared.ready && shared.drawable ? viewOf(shared.tab) : undefined;
  }
  const sections = (): readonly Section[] => shown()?.sections ?? [];
  const passed = passedOn(sections);

  return {
    draw(trace, frame) {
      width = frame.width;
      shared.update(trace, frame);
      tabs.show(shared.tab);
      panel.setAttribute("aria-labelledby", `vectors-tab-${shared.tab}`);
      const view = shown();
      if (tools.firstElementChild !== (view?.tools ?? null)) tools.replaceChildren(...(view?.tools ? [view.tools] : []));
      const content = view?.element ?? waiting;
      if (panel.firstElementChild !== content) panel.replaceChildren(content);
      // A part made with older parameters is shown as old while the new one is computed.
      view?.draw(shared.current || frame.status !== "complete" ? frame : { ...frame, status: "stale" });
    },
    steps(trace) {
      // Those of the map stay while other tabs are computed, so that the reader finds it where it was left.
      if (trace.map) steps = mapSteps(trace);
      return steps;
    },
    settled: () => shared.settled,
    story: (trace, step) => (shared.ready && !shared.drawable ? waitingStory(shared) : vectorStory(shared.ready ? shared.trace : trace, shared.tab, step)),
    rows: (trace) => ({ label: rowsLabel(trace, width < 480), notes: trace.notes }),
    copies: () => sections().flatMap((section) => section.copies()),
    exports: () => exportsOf(host, "vectors", shared.tab, host.source()?.name ?? "", sections()),
    menu: () => shown()?.heatmap?.menu() ?? [],
    caret: (offset) => made.get("heatmap")?.heatmap?.caret(offset === null ? null : shared.rowAt(offset)),
    ...passed,
    action(name) {
      if (passed.action(name)) return true;
      if (name === "formula") {
        // It stands beside the heatmap: elsewhere, asking for it leads there.
        host.setUi("formula", shared.tab !== "heatmap" || !host.ui("formula", true));
        shared.show("heatmap");
        return true;
      }
      return false;
    },
    form: () => formOf(shared),
    dispose() {
      for (const view of made.values()) for (const section of view.sections) section.dispose();
      shared.dispose();
      box.remove();
    },
  };
}

const makers: { readonly [T in Exclude<Tab, "heatmap">]: (shared: Shared) => Section } = {
  strips: (shared) => createStrips(shared),
  neighbours: (shared) => createNeighbours(shared),
  map: (shared) => createMap(shared),
  onehot: (shared) => createOneHot(shared),
};

function single(section: Section): TabView {
  return { element: section.element, sections: [section], draw: (frame) => section.draw(frame) };
}

/** The heatmap with its margin, and the strips of the question below. */
function heatmapTab(shared: Shared): TabView {
  const heatmap = createHeatmap(shared);
  const neighbours = createNeighbours(shared, { compact: true });
  const strips = createStrips(shared, { of: "query" });
  const margin = h("div", { class: "vectors-margin" }, heatmap.aside, neighbours.element);
  const element = h("div", { class: "vectors-heatmap" }, h("div", { class: "vectors-top" }, heatmap.element, margin), strips.element);
  return {
    element,
    tools: heatmap.tools,
    heatmap,
    sections: [heatmap, neighbours, strips],
    draw(frame) {
      const { kind, main, side } = vectorsLayout(frame.width);
      element.dataset.layout = kind;
      heatmap.element.style.width = `${main}px`;
      margin.style.width = kind === "margin" || kind === "wide" ? `${side}px` : "";
      heatmap.draw({ ...frame, width: main });
      neighbours.draw({ ...frame, width: side });
      strips.draw(frame);
    },
  };
}

const awaited: { readonly [T in Tab]: Message } = {
  heatmap: msg("The heatmap is being made"),
  strips: msg("The strips are being made"),
  neighbours: msg("The nearest vectors are being looked for"),
  map: msg("The map is being made"),
  onehot: msg("The one-hot rows are being made"),
};

/** Headline of a tab that has nothing to draw: what is made first, or that nothing is. */
function waitingStory({ host, tab }: Shared): { readonly title: Message; readonly lede: readonly StoryPart[] } {
  const newest = host.newest();
  if (newest?.phase === "running") return { title: awaited[tabOf(newest.params)], lede: [] };
  if (newest?.phase === "done") return { title: awaited[tab], lede: [] };
  const ended = newest?.phase === "cancelled" ? [{ kind: "text", text: msg("It was cancelled before there was anything to draw.") } as const] : [];
  return { title: msg("Nothing to show here yet"), lede: ended };
}

/** The parameters that matter to the tab shown and are not chosen in it. */
function formOf(shared: Shared): readonly string[] {
  switch (shared.tab) {
    case "heatmap":
      return ["metric", "rows"];
    case "strips":
      return ["rows"];
    case "neighbours":
      return ["rows"];
    case "onehot":
      return ["random_state"];
    case "map": {
      const { projection } = shared.host.params();
      const own: readonly string[] = projection === "tsne" ? ["perplexity", "max_iter", "random_state"] : projection === "umap" ? ["n_neighbors", "min_dist", "max_iter", "random_state"] : [];
      return ["map_rows", ...own];
    }
  }
}

/** How many there are of what is compared, and where words were looked up. */
function rowsLabel({ n, total, origin, store, oneHot }: VectorsTrace, narrow: boolean): Message {
  const cut = n < total;
  const [rows, all] = [compact(n), compact(total)];
  // One-hot rows need no vectors.
  if (origin === "words" && n === 0 && oneHot) return msg("{0} words", compact(oneHot.total));
  if (origin === "words" && narrow) return cut ? msg("{0} of {1} words", rows, all) : msg("{0} words", rows);
  if (origin !== "words" || !store) return cut ? msg("{0} of {1} vectors", rows, all) : msg("{0} vectors", rows);
  const where = store.name === "" ? msg("built-in vectors, {0} × {1}", compact(store.words), compact(store.dimensions)) : msg("{0}, {1} × {2}", store.name, compact(store.words), compact(store.dimensions));
  return cut ? msg("{0} of {1} words · {2}", rows, all, where) : msg("{0} words · {1}", rows, where);
}
