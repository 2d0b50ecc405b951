import type { Values } from "../core/protocol.js";
import type { Joined, TabTraces, TraceByTab } from "./tabTrace.js";
import type { Frame, ViewHost } from "./view.js";

/** A run that has shown nothing for so long, in milliseconds, is overtaken even so: it may be refused, or slow. */
const patience = 300;

/** What the tabs of a panel share. Decides which tab is shown, what still has to be computed for it, and how often a drag computes. */
export class TabRuns<Trace extends TraceByTab<Tab>, Tab extends string> {
  readonly host: ViewHost;
  #traces: TabTraces<Trace, Tab>;
  #joined: Joined<Trace, Tab> | undefined;
  #seen: Trace | undefined;
  #shownRun: number | undefined;
  #asked = "";
  /** Changes that wait for the next frame, and the parameters of the last run that has shown nothing yet. */
  #pending: Values | undefined;
  #unseen: { readonly params: string; readonly since: number } | undefined;
  /** Parameters that were changed without a run. */
  #kept: Values = {};
  #frame = 0;

  constructor(shell: ViewHost, traces: TabTraces<Trace, Tab>) {
    const run: ViewHost["run"] = (patch, options) => {
      // Its tab says what to compute, not what to show; kept over reloads, which bring the trace again.
      if (this.ready && shell.ui<Tab | null>("tab", null) === null) shell.setUi("tab", this.tab);
      shell.setUi("asked", traces.tabOf({ ...shell.params(), ...patch }));
      shell.run(patch, options);
      this.#kept = {};
      this.#asked = `${shell.shownRun()} ${JSON.stringify(shell.params())}`;
    };
    this.host = Object.create(shell, { run: { value: run } }) as ViewHost;
    this.#traces = traces;
  }

  get ready(): boolean {
    return this.#joined !== undefined;
  }

  get trace(): Trace {
    if (!this.#joined) throw new Error("No trace has come yet.");
    return this.#joined.trace;
  }

  get tab(): Tab {
    return this.host.ui<Tab | null>("tab", null) ?? this.#traces.tabOf(this.host.shownParams());
  }

  /** What the shown tab shows was made with the parameters in force. */
  get current(): boolean {
    return this.#joined !== undefined && !this.#traces.isMissing(this.#joined, this.tab, this.host.params());
  }

  /** The shown tab can be drawn, if with older parameters. */
  get drawable(): boolean {
    return this.#joined?.trace[this.tab] !== undefined;
  }

  /** The parameters as the reader has set them, those included that wait for the next frame. */
  params(): Values {
    return { ...this.host.params(), ...this.#pending };
  }

  /** A trace is to be drawn: joins it with what is known, and asks for what the tab lacks. */
  update(trace: Trace, frame: Frame): void {
    const { host } = this;
    const shown = host.shownParams();
    if (trace !== this.#seen) {
      this.#seen = trace;
      this.#joined = this.#traces.join(this.#joined, trace, shown);
      if (this.#unseen?.params === JSON.stringify(shown)) this.#unseen = undefined;
    }
    if (frame.status !== "complete") return;
    if (host.shownRun() !== this.#shownRun) {
      this.#shownRun = host.shownRun();
      // A run that the view did not ask for: a command wants its tab to be seen.
      const asked = host.ui<Tab | "">("asked", "");
      const tab = this.#traces.tabOf(shown);
      if (tab !== this.tab && tab !== asked) host.setUi("tab", tab);
      if (asked !== "") host.setUi("asked", "");
    }
    // What the reader has cancelled does not begin again by itself; what is about to run computes the tab, too.
    if (host.newest()?.phase !== "cancelled" && this.#pending === undefined) this.#complete();
  }

  /** Computes what the tab lacks, once for each shown run. */
  #complete(): void {
    const { host, tab } = this;
    const params = host.params();
    if (this.current) {
      if (this.#traces.tabOf(params) !== tab) host.prepare({ tab });
      return;
    }
    const shown = host.shownParams();
    const differ = (values: Values): boolean => JSON.stringify({ ...values, tab }) !== JSON.stringify({ ...values, ...params, tab });
    // Other parameters than those of the shown trace are those of a run under way: what it brings is not known yet.
    if (differ({ ...shown, ...this.#kept })) return;
    // What came for this very question and still lacks its part will lack it again.
    if ((this.#traces.tabOf(shown) === tab && !differ(shown)) || this.#asked === `${host.shownRun()} ${JSON.stringify({ ...params, tab })}`) return;
    host.run({ tab });
  }

  show(tab: Tab): void {
    if (tab === this.tab) return;
    this.host.setUi("tab", tab);
    // The reader has chosen: the run in sight, which may be under way, brings its own tab back no more.
    this.#shownRun = this.host.shownRun();
    // What one tab was refused, or has cancelled, is no reason for another not to be there.
    const cancelled = this.host.newest()?.phase === "cancelled";
    if (this.#joined && (this.host.refused() || (cancelled && this.#traces.isMissing(this.#joined, tab, this.host.params())))) this.host.run({ tab });
  }

  change(patch: Values): void {
    this.#pending = { ...this.#pending, ...patch };
    if (patch.tab !== undefined && this.#traces.tabOf(patch) !== this.tab) this.host.setUi("tab", this.#traces.tabOf(patch));
    this.#frame ||= requestAnimationFrame(() => this.#flush());
    this.host.redraw();
  }

  /** Changes parameters that the shown tab is not made with: nothing is computed now. */
  keep(patch: Values): void {
    this.#kept = { ...this.#kept, ...patch };
    this.host.prepare(patch);
  }

  /** Runs with what changed. A run is let show something before the next takes its place, lest a drag shows nothing at all. */
  #flush(): void {
    this.#frame = 0;
    if (!this.#pending) return;
    if (this.#unseen && performance.now() - this.#unseen.since < patience) {
      this.#frame = requestAnimationFrame(() => this.#flush());
      return;
    }
    const patch = { tab: this.tab, ...this.#pending };
    this.#pending = undefined;
    const params = this.host.params();
    if (Object.entries(patch).every(([name, value]) => JSON.stringify(params[name]) === JSON.stringify(value))) return;
    this.host.run(patch);
    this.#unseen = { params: JSON.stringify(this.host.params()), since: performance.now() };
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }
}
