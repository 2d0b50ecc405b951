import type { AttentionTab } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { tokenName } from "../../core/text/tokenName.js";
import { TabRuns } from "../tabRuns.js";
import type { Frame, ViewHost } from "../view.js";
import { madeWith, placeOf, traces, valueOf } from "./sharedParts.js";
import type { Marks, Pointed, Shared as SharedByTabs } from "./tab.js";
import { spanOf, tokenAt, tokenLabel } from "./tokenPlaces.js";

/** Weights below it are no tint that an eye could see. */
const FAINT = 0.01;

const nothing: Marks = { tokens: [], looking: null };

/** What the tabs share: their runs, the place in the model and the text, and what is marked in the text. */
export class Shared extends TabRuns<AttentionTrace, AttentionTab> implements SharedByTabs {
  #status: Frame["status"] = "complete";
  #marks = nothing;
  #posted = "";

  /** `marked` is told when other tokens are marked: hovering draws the box of text alone. */
  constructor(shell: ViewHost, private readonly marked: () => void) {
    super(shell, traces);
  }

  override update(trace: AttentionTrace, frame: Frame): void {
    this.#status = frame.status;
    // In a text that was edited equal places are not the same: what stands there has moved.
    if (this.#posted !== "" && (!this.ready || this.trace.key !== trace.key)) this.#posted = "older";
    super.update(trace, frame);
  }

  get layer(): number {
    return placeOf(valueOf(this.params(), "layer"), this.trace.source.layers);
  }

  get head(): number {
    return placeOf(valueOf(this.params(), "head"), this.trace.source.heads);
  }

  get token(): number {
    const { visible } = this.trace.tokens;
    const asked = valueOf(this.params(), "token");
    // The last that is no padding.
    return placeOf(asked < 0 ? visible.lastIndexOf(1) : asked, visible.length);
  }

  /** What is marked in the text now. */
  get marks(): Marks {
    return this.#marks;
  }

  override show(tab: AttentionTab): void {
    if (tab !== this.tab) this.point(null);
    super.show(tab);
  }

  choose(token: number): void {
    if (token === valueOf(this.params(), "token")) return;
    if (madeWith[this.tab].includes("token")) this.change({ token });
    else this.keep({ token });
  }

  name(token: number): string {
    return tokenName(this.trace.tokens.pieces[token] ?? "");
  }

  label(token: number): string {
    return tokenLabel(this.trace.tokens.pieces[token] ?? "");
  }

  point(tokens: readonly Pointed[] | null, looking?: number): void {
    this.#marks = tokens ? { tokens: tokens.filter(({ weight }) => weight >= FAINT), looking: looking ?? null } : nothing;
    this.marked();
    if (!this.ready || this.#status === "stale") return;
    const { spans, weights, ring } = this.#inEditor();
    const text = JSON.stringify([spans, weights.map((weight) => weight.toFixed(2)), ring]);
    const none = spans.length === 0 && !ring;
    if (text === this.#posted || (none && this.#posted === "")) return;
    this.#posted = none ? "" : text;
    this.host.post({ type: "highlight", spans, ...(none ? {} : { weights, ...(ring ? { ring } : {}) }) });
  }

  #inEditor() {
    const { tokens } = this.trace;
    const found = this.#marks.tokens.flatMap(({ token, weight }) => {
      const span = spanOf(tokens, token);
      return span ? [{ span, weight }] : [];
    });
    const ring = this.#marks.looking === null ? null : spanOf(tokens, this.#marks.looking);
    return { spans: found.map(({ span }) => span), weights: found.map(({ weight }) => weight), ring };
  }

  reveal(token: number): void {
    const span = spanOf(this.trace.tokens, token);
    if (span) this.host.post({ type: "reveal", span });
  }

  /** The token at a place of the editor's text. */
  tokenAt(offset: number): number | null {
    return this.ready ? tokenAt(this.trace.tokens, offset) : null;
  }

  override dispose(): void {
    if (this.#posted !== "") this.host.post({ type: "highlight", spans: [] });
    super.dispose();
  }
}
