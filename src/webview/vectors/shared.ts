import type { Span } from "../../core/contract/index.js";
import type { Tab } from "../../core/vectors/params.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { Values } from "../../core/protocol.js";
import type { Frame, ViewHost } from "../view.js";
import { missingOf, partsOf, Parts, tabFor, tabOf, type Joined, type PartName } from "./sharedParts.js";
import type { Shared as SharedByTabs } from "./tab.js";

/** What the tabs share. Decides which tab is shown, and what still has to be computed for it. */
export class Shared implements SharedByTabs {
  readonly host: ViewHost;
  #parts = new Parts();
  #joined: Joined | undefined;
  #hovered: readonly number[] = [];
  #status: Frame["status"] = "complete";
  #shownRun: number | undefined;
  /** What was asked for already, so that what can't be computed is not asked for again. */
  #asked = "";
  #marked = "";

  constructor(shell: ViewHost) {
    const run: ViewHost["run"] = (patch, options) => {
      // Its tab says what to compute, not what to show; kept over reloads, which bring the trace again.
      if (this.ready && shell.ui<Tab | null>("tab", null) === null) shell.setUi("tab", this.tab);
      shell.setUi("asked", questionOf({ ...shell.params(), ...patch }));
      shell.run(patch, options);
      // What is drawn until the run begins must not ask for the same again.
      this.#asked = `${shell.shownRun()} ${this.tab} ${JSON.stringify(shell.params())}`;
    };
    this.host = Object.create(shell, { run: { value: run } }) as ViewHost;
  }

  get ready(): boolean {
    return this.#joined !== undefined;
  }

  get trace(): VectorsTrace {
    if (!this.#joined) throw new Error("No trace has come yet.");
    return this.#joined.trace;
  }

  get tab(): Tab {
    return this.host.ui<Tab | null>("tab", null) ?? tabOf(this.host.shownParams());
  }

  /** Everything that the tab shows was made with the parameters in force. */
  get current(): boolean {
    return this.#joined !== undefined && missingOf(this.#joined, this.tab, this.host.params()).length === 0;
  }

  /** The tab shown lacks nothing, whatever was drawn last. */
  get settled(): boolean {
    return this.#joined !== undefined && this.#missingOn(this.tab).length === 0;
  }

  /** The tab can be drawn, if with older parameters. */
  get drawable(): boolean {
    const joined = this.#joined;
    return joined !== undefined && partsOf[this.tab].every((name) => joined.trace[name] !== undefined);
  }

  /** A trace is to be drawn: joins it with what is known, and asks for what the tab lacks. */
  update(trace: VectorsTrace, frame: Frame): void {
    const { host } = this;
    this.#status = frame.status;
    this.#parts.add(trace, host.shownParams());
    if (host.shownRun() !== this.#shownRun && frame.status === "complete") {
      this.#shownRun = host.shownRun();
      const shown = host.shownParams();
      // A run that the view did not ask for: a command wants its tab to be seen.
      if (tabOf(shown) !== this.tab && questionOf(shown) !== host.ui("asked", "")) host.setUi("tab", tabOf(shown));
    }
    this.#joined = this.#parts.best(this.tab, host.params());
    // What the reader has cancelled does not begin again by itself.
    if (frame.status === "complete" && host.newest()?.phase !== "cancelled") this.#complete();
    this.#mark();
  }

  /** Computes what is missing, once for each shown run. */
  #complete(): void {
    const { host, tab } = this;
    const params = host.params();
    const missing = this.#joined ? missingOf(this.#joined, tab, params) : [];
    if (missing.length === 0) {
      if (tabOf(params) !== tab) host.prepare({ tab });
      return;
    }
    // Other parameters than those of the shown trace are those of a run under way: what it brings is not known yet.
    const shown = host.shownParams();
    if (JSON.stringify({ ...shown, tab }) !== JSON.stringify({ ...shown, ...params, tab })) return;
    const asked = `${host.shownRun()} ${tab} ${JSON.stringify(params)}`;
    if (asked === this.#asked) return;
    const next = tabFor(missing, tab);
    // What came for this very question and still lacks a part will lack it again.
    if (tabOf(shown) === next) return;
    this.#asked = `${host.shownRun()} ${tab} ${JSON.stringify({ ...params, tab: next })}`;
    host.run({ tab: next });
  }

  show(tab: Tab): void {
    const { host } = this;
    if (tab === this.tab) return;
    host.setUi("tab", tab);
    this.hover([]);
    if (!this.#joined) return;
    const missing = this.#missingOn(tab);
    // What one tab was refused, as a map of two points, or has cancelled is no reason for another not to be there.
    if (host.refused() || (host.newest()?.phase === "cancelled" && missing.length > 0)) host.run({ tab: tabFor(missing, tab) });
  }

  #missingOn(tab: Tab): PartName[] {
    const params = this.host.params();
    return missingOf(this.#parts.best(tab, params), tab, params);
  }

  ask(query: string): void {
    const patch: Values = { query, ...(partsOf[this.tab].includes("neighbours") ? {} : { tab: "neighbours" }) };
    if (patch.tab !== undefined) this.host.setUi("tab", "neighbours");
    this.host.run({ ...patch, tab: "neighbours" });
  }

  /** Rows by number, where they are still there. Names keep the pair over edits that move rows. */
  pair(): readonly [number, number] | null {
    const { host } = this;
    const pair = host.ui<readonly [number, number] | null>("pair", null);
    const names = host.ui<readonly [string, string] | null>("pairNames", null);
    if (!pair || !names || !this.ready) return null;
    const rows = pair.map((row, i) => (this.trace.names[row] === names[i] ? row : this.trace.names.indexOf(names[i])));
    return rows.includes(-1) || rows[0] === rows[1] ? null : [Math.min(...rows), Math.max(...rows)];
  }

  setPair(pair: readonly [number, number] | null): void {
    const { host } = this;
    const sorted = pair && ([Math.min(...pair), Math.max(...pair)] as const);
    host.setUi("pairNames", sorted && sorted.map((row) => this.trace.names[row]));
    host.setUi("pair", sorted);
    this.#mark();
  }

  hovered(): readonly number[] {
    return this.#hovered;
  }

  hover(rows: readonly number[]): void {
    if (rows.length === this.#hovered.length && rows.every((row, i) => row === this.#hovered[i])) return;
    this.#hovered = rows;
    this.#mark();
    this.host.redraw();
  }

  reveal(row: number): void {
    const [span] = this.spansOf([row]);
    if (span) this.host.post({ type: "reveal", span });
  }

  /** Makes rows the editor's selection. */
  select(rows: readonly number[]): void {
    const spans = this.spansOf(rows);
    if (spans.length > 0) this.host.post({ type: "select", spans });
  }

  spansOf(rows: readonly number[]): Span[] {
    const { spans } = this.trace;
    if (!spans) return [];
    return rows.map((row) => ({ start: spans[2 * row], end: spans[2 * row + 1] })).filter(({ start, end }) => end > start);
  }

  /** The row whose text holds an offset. */
  rowAt(offset: number): number | null {
    const { spans, n } = this.trace;
    if (!spans) return null;
    for (let row = 0; row < n; row++) if (spans[2 * row] <= offset && offset <= spans[2 * row + 1]) return row;
    return null;
  }

  /** Highlights in the editor what is pointed at, else the framed pair. */
  #mark(): void {
    if (!this.ready || this.#status === "stale") return;
    const rows = this.#hovered.length > 0 ? this.#hovered : this.tab === "heatmap" ? (this.pair() ?? []) : [];
    const spans = this.spansOf(rows);
    const text = JSON.stringify(spans);
    if (text === this.#marked || (this.#marked === "" && spans.length === 0)) return;
    this.#marked = text;
    this.host.post({ type: "highlight", spans });
  }

  dispose(): void {
    if (this.#marked !== "" && this.#marked !== "[]") this.host.post({ type: "highlight", spans: [] });
  }
}

function questionOf(params: Values): string {
  return JSON.stringify([tabOf(params), params.query ?? ""]);
}
