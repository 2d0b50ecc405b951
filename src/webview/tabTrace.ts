import type { Values } from "../core/protocol.js";

/** A trace whose parts are computed by tab, each under the tab's own name; parts of traces with one key belong together. */
export type TraceByTab<Tab extends string> = { readonly key: string } & { readonly [T in Tab]?: unknown };

/** The newest trace with the parts that earlier ones of the same key had. */
export type Joined<Trace, Tab extends string> = {
  readonly trace: Trace;
  /** By part, the values of the parameters that it was made with. */
  readonly made: { readonly [T in Tab]?: string };
};

/** Joins traces whose tabs are computed one by one. `madeWith` names the parameters that the part of a tab is made with. */
export class TabTraces<Trace extends TraceByTab<Tab>, Tab extends string> {
  constructor(readonly defaults: Values, readonly madeWith: { readonly [T in Tab]: readonly string[] }) {}

  /** The tab that a run was for. */
  tabOf(params: Values): Tab {
    return (params.tab ?? this.defaults.tab) as Tab;
  }

  join(old: Joined<Trace, Tab> | undefined, trace: Trace, params: Values): Joined<Trace, Tab> {
    const tab = this.tabOf(params);
    const made = (trace[tab] === undefined ? {} : { [tab]: this.#valuesOf(params, tab) }) as Joined<Trace, Tab>["made"];
    if (!old || old.trace.key !== trace.key) return { trace, made };
    const tabs = Object.keys(this.madeWith) as Tab[];
    const parts = Object.fromEntries(tabs.map((each) => [each, old.trace[each]]));
    return { trace: { ...parts, ...trace }, made: { ...old.made, ...made } };
  }

  /** The part of a tab is not there, or was made with other parameters. */
  isMissing({ trace, made }: Joined<Trace, Tab>, tab: Tab, params: Values): boolean {
    return trace[tab] === undefined || made[tab] !== this.#valuesOf(params, tab);
  }

  #valuesOf(params: Values, tab: Tab): string {
    return JSON.stringify(this.madeWith[tab].map((name) => params[name] ?? this.defaults[name]));
  }
}
