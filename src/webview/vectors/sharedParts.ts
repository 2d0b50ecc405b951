import { defaultsOf } from "../../core/contract/index.js";
import { vectorParams, type Tab, type VectorParams } from "../../core/vectors/params.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { Values } from "../../core/protocol.js";

export type PartName = "heatmap" | "strips" | "neighbours" | "map" | "oneHot";
const partNames: readonly PartName[] = ["heatmap", "strips", "neighbours", "map", "oneHot"];

/** What each tab shows. */
export const partsOf: { readonly [T in Tab]: readonly PartName[] } = {
  heatmap: ["heatmap", "neighbours", "strips"],
  strips: ["strips"],
  neighbours: ["neighbours", "strips"],
  map: ["map"],
  onehot: ["oneHot"],
};

/** The parameters that a part is made with, beside those that choose the rows. */
const madeWith: { readonly [P in PartName]: readonly (keyof VectorParams)[] } = {
  heatmap: ["rows", "metric"],
  strips: ["rows", "expressions"],
  neighbours: ["rows", "query", "method", "exclude", "search", "topn"],
  map: ["projection", "points", "map_rows", "perplexity", "n_neighbors", "min_dist", "max_iter", "random_state"],
  oneHot: ["rows", "words", "random_state"],
};
/** The parameters that choose the rows: the map lays out as many as it can, the other tabs compare fewer. */
const rowsWith: readonly (keyof VectorParams)[] = ["rows", "map_rows", "points"];

const defaults: Values = defaultsOf(vectorParams);

function valuesOf(params: Values, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => params[name] ?? defaults[name]));
}

/** Traces of the same rows, joined: the newest with the parts that others had. */
export type Joined = {
  readonly trace: VectorsTrace;
  /** By part, the values of the parameters that it was made with. */
  readonly made: { readonly [P in PartName]?: string };
};

/** How many sets of rows are kept: those of the map may be more than those of the other tabs. */
const kept = 3;

/** Joins the parts of traces by their rows, and knows which of them a tab still needs. */
export class Parts {
  #joined: Joined[] = [];
  #seen: VectorsTrace | undefined;
  #rows = new Map<Tab, { readonly key: string; readonly values: string }>();

  /** A trace came. Idempotent. */
  add(trace: VectorsTrace, params: Values): void {
    if (trace === this.#seen) return;
    this.#seen = trace;
    const tab = tabOf(params);
    const values = valuesOf(params, rowsWith);
    const before = this.#rows.get(tab);
    // The same question was answered with other rows: the source was edited, and everything else is old.
    if (before && before.values === values && before.key !== trace.key) {
      this.#joined = [];
      this.#rows.clear();
    }
    this.#rows.set(tab, { key: trace.key, values });
    const old = this.#joined.find((each) => each.trace.key === trace.key);
    const made = Object.fromEntries(partNames.flatMap((name) => (trace[name] ? [[name, valuesOf(params, madeWith[name])]] : [])));
    const next: Joined = old && sameStore(old.trace, trace) ? { trace: join(old.trace, trace), made: { ...old.made, ...made } } : { trace, made };
    this.#joined = [next, ...this.#joined.filter((each) => each.trace.key !== trace.key)].slice(0, kept);
  }

  /** The trace to show a tab with: the one with everything it needs, else the newest with some of it, else the newest. */
  best(tab: Tab, params: Values): Joined {
    const missing = this.#joined.map((each) => missingOf(each, tab, params).length);
    const least = Math.min(...missing);
    const old = least === partsOf[tab].length ? this.#joined.find((each) => partsOf[tab].some((name) => each.trace[name])) : undefined;
    return old ?? this.#joined[missing.indexOf(least)];
  }
}

/** The parts of a tab that are not there, or were made with other parameters. */
export function missingOf({ trace, made }: Joined, tab: Tab, params: Values): PartName[] {
  return partsOf[tab].filter((name) => !trace[name] || made[name] !== valuesOf(params, madeWith[name]));
}

/** The least that has to be computed for some parts, as a tab. */
export function tabFor(missing: readonly PartName[], tab: Tab): Tab {
  return (["strips", "neighbours", "heatmap"] as const).find((each) => missing.every((name) => partsOf[each].includes(name))) ?? tab;
}

/** The tab that a run was for. */
export function tabOf(params: Values): Tab {
  const tab = params.tab ?? defaults.tab;
  return tab as Tab;
}

function join(old: VectorsTrace, trace: VectorsTrace): VectorsTrace {
  const parts = Object.fromEntries(partNames.flatMap((name) => (trace[name] ?? old[name] ? [[name, trace[name] ?? old[name]]] : [])));
  return { ...trace, values: trace.values ?? old.values, store: trace.store ?? old.store, ...parts };
}

/** Where both have looked words up, whether it was in the same word vectors. */
function sameStore({ store: a }: VectorsTrace, { store: b }: VectorsTrace): boolean {
  return !a || !b || (a.name === b.name && a.words === b.words && a.dimensions === b.dimensions);
}
