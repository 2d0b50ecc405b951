import { evaluator, mixtureAt, shapesStep, sharesStep, stepsOf, type Evaluator } from "../../core/mixture/evaluate.js";
import type { Span } from "../../core/contract/index.js";
import type { Fit, Mixture, MixtureTrace } from "../../core/mixture/trace.js";
import type { Frame, ViewHost } from "../view.js";
import { Shares } from "./sharedShares.js";

/** A part of the mixture view. `frame.width` is the width of the part's own column, in CSS pixels. */
export interface Part {
  draw(trace: MixtureTrace, frame: Frame): void;
  dispose(): void;
  /** A key nobody before it used; true when it was used. */
  key?(event: KeyboardEvent): boolean;
  /** The part's figures, canvases included, from the back to the front, for the SVG and PNG exports. */
  svgs?(): readonly (SVGSVGElement | HTMLCanvasElement)[];
}

/** Makes a part inside `root`, which is its own. Nothing is drawn before the first `draw`. */
export type CreatePart = (root: HTMLElement, host: ViewHost, shared: Shared) => Part;

/** A mark that the caret came to: parts let it pulse once for each new serial. */
export type Pulse = { readonly point: number; readonly serial: number };

/**
 * What the parts of one view have in common: the chosen fit, point and component, and the mixture and shares at the
 * step, each computed once a step. Indices of points are positions in `trace.points`. Setters draw again.
 */
export class Shared {
  /** Points under the pointer (or the keyboard's cursor) and held by a click. */
  hovered: number | null = null;
  held: number | null = null;
  /** The component under the pointer, and the one chosen by a key or a click. */
  hoveredComponent: number | null = null;
  heldComponent: number | null = null;
  /** The component whose number in a formula is under the pointer: its marks are emphasised, the formula stays. */
  ringed: number | null = null;
  pulse: Pulse | null = null;

  #host: ViewHost;
  #trace: MixtureTrace | undefined;
  #frame: Frame | undefined;
  #fitIndex = 0;
  #mixture: Mixture | undefined;
  #evaluator: { readonly step: number; readonly made: Evaluator } | undefined;
  #shares: Shares | undefined;
  #colours: { readonly shares: Float64Array | null; readonly palette: unknown; readonly list: (string | undefined)[] } | undefined;

  constructor(host: ViewHost) {
    this.#host = host;
  }

  /** Called by the view before it draws its parts. */
  update(trace: MixtureTrace, frame: Frame): void {
    if (trace !== this.#trace) {
      this.#trace = trace;
      this.#fitIndex = Math.max(0, trace.best);
      this.#forget();
      if (this.hovered !== null && this.hovered >= trace.lines.length) this.hovered = null;
      if (this.held !== null && this.held >= trace.lines.length) this.held = null;
      if (this.hoveredComponent !== null && this.hoveredComponent >= trace.K) this.hoveredComponent = null;
      if (this.heldComponent !== null && this.heldComponent >= trace.K) this.heldComponent = null;
      this.ringed = null;
    }
    if (frame.step !== this.#frame?.step) this.#mixture = undefined;
    this.#frame = frame;
  }

  /** Whether anything was drawn yet. */
  get ready(): boolean {
    return this.#trace !== undefined;
  }

  /** Whether this trace is the one that is drawn. */
  shows(trace: MixtureTrace): boolean {
    return trace === this.#trace;
  }

  /** Kept steps of the fit shown of a trace, also of one that is not drawn yet. */
  stepsOf(trace: MixtureTrace): number {
    return stepsOf(trace.fits[trace === this.#trace ? this.#fitIndex : Math.max(0, trace.best)]);
  }

  get trace(): MixtureTrace {
    if (!this.#trace) throw new Error("Shared.update must come before drawing");
    return this.#trace;
  }

  /** Number of points drawn, M. */
  get M(): number {
    return this.trace.lines.length;
  }

  /** The restart shown. */
  get fitIndex(): number {
    return this.#fitIndex;
  }

  get fit(): Fit {
    return this.trace.fits[this.#fitIndex];
  }

  /** Kept steps of the shown fit, S. Positions of the player are 0 … 2(S − 1). */
  get S(): number {
    return stepsOf(this.fit);
  }

  /** Where the player stands, within this fit; fractional while it moves. */
  get position(): number {
    return Math.min(this.#frame?.step ?? 0, 2 * (this.S - 1));
  }

  /** The kept step whose shapes are drawn, rounded down while they move. */
  get shapesStep(): number {
    return Math.floor(shapesStep(this.position, this.S));
  }

  /** The kept step under whose parameters the shares are (or are going to be while they change); −1 before the first E-step. */
  get sharesStep(): number {
    return sharesStep(this.position, this.S);
  }

  /** The shapes at the position, interpolated while they move. */
  get mixture(): Mixture {
    return (this.#mixture ??= this.mixtureFor(this.position));
  }

  /** The shapes at any position of this fit. */
  mixtureFor(position: number): Mixture {
    return mixtureAt(this.trace, this.#fitIndex, shapesStep(position, this.S));
  }

  /** The shapes one kept step before, or null at the start. */
  get previous(): Mixture | null {
    return this.shapesStep > 0 ? mixtureAt(this.trace, this.#fitIndex, this.shapesStep - 1) : null;
  }

  get start(): Mixture {
    return mixtureAt(this.trace, this.#fitIndex, 0);
  }

  get end(): Mixture {
    return mixtureAt(this.trace, this.#fitIndex, this.S - 1);
  }

  /** Responsibilities of the drawn points as they are coloured now, [M, K]; null before the first E-step. */
  get shares(): Float64Array | null {
    return this.#ownShares.at(this.position);
  }

  /** Responsibilities of the drawn points under the parameters of a kept step, [M, K]. */
  sharesUnder(step: number): Float64Array {
    return this.#ownShares.under(step);
  }

  get #ownShares(): Shares {
    return (this.#shares ??= new Shares(this.trace, this.#fitIndex));
  }

  /** Shares of one point as it is coloured now, [K]; null before the first E-step. */
  sharesOf(point: number): Float64Array | null {
    return this.#ownShares.shown(point, this.position);
  }

  /** Evaluates densities under the shapes of the step (not interpolated). */
  get evaluator(): Evaluator {
    const step = this.shapesStep;
    if (this.#evaluator?.step !== step) this.#evaluator = { step, made: evaluator(mixtureAt(this.trace, this.#fitIndex, step)) };
    return this.#evaluator.made;
  }

  /** The point that the text and the formulas are about: hovered, else held, else the least decided one. */
  get point(): number {
    return this.hovered ?? this.held ?? this.leastDecided;
  }

  /** The point whose largest share is smallest at this step. */
  get leastDecided(): number {
    return this.#ownShares.leastDecided(this.position);
  }

  /** The component that the formulas are about: hovered, else held, else the one with the point's largest share. */
  get component(): number {
    return this.hoveredComponent ?? this.heldComponent ?? this.strongest(this.point);
  }

  /** The component with the largest share of a point, under the shapes shown when there are no shares yet. */
  strongest(point: number): number {
    const shares = this.sharesOf(point) ?? this.#ownShares.of(point, this.shapesStep);
    return shares.indexOf(Math.max(...shares));
  }

  /** Colour of a point: its components' colours mixed by share; quiet ink before the first E-step. */
  color(point: number): string {
    const palette = this.#host.palette();
    const { shares } = this;
    if (!shares) return palette.quiet;
    if (!this.#colours || this.#colours.shares !== shares || this.#colours.palette !== palette) {
      this.#colours = { shares, palette, list: new Array<string | undefined>(this.M) };
    }
    const { K } = this.trace;
    return (this.#colours.list[point] ??= palette.mix(shares.subarray(point * K, (point + 1) * K)));
  }

  /** The row of a point in the source's text, or null for sources without text. */
  span(point: number): Span | null {
    const { spans } = this.trace;
    return spans ? { start: spans[2 * point], end: spans[2 * point + 1] } : null;
  }

  /** The point whose row holds an offset of the source's text, or null. */
  pointAt(offset: number): number | null {
    const { spans } = this.trace;
    if (!spans) return null;
    let low = 0;
    let high = spans.length / 2 - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (offset < spans[2 * middle]) high = middle - 1;
      else if (offset > spans[2 * middle + 1]) low = middle + 1;
      else return middle;
    }
    return null;
  }

  /** Hovering highlights the row in the editor without scrolling. */
  hover(point: number | null): void {
    if (point === this.hovered) return;
    this.hovered = point;
    this.#highlight();
    this.#host.redraw();
  }

  /** Holding keeps the point chosen and reveals its row; null lets go. */
  hold(point: number | null): void {
    this.held = point;
    const span = point === null ? null : this.span(point);
    if (point !== null) this.#host.post({ type: "reveal", ...(span ? { span } : {}), line: this.trace.lines[point] });
    this.#highlight();
    this.#host.redraw();
  }

  /** The component whose marks are emphasised. */
  get emphasized(): number | null {
    return this.ringed ?? this.hoveredComponent ?? this.heldComponent;
  }

  ringComponent(component: number | null): void {
    if (component === this.ringed) return;
    this.ringed = component;
    this.#host.redraw();
  }

  hoverComponent(component: number | null): void {
    if (component === this.hoveredComponent) return;
    this.hoveredComponent = component;
    this.#host.redraw();
  }

  holdComponent(component: number | null): void {
    this.heldComponent = component;
    this.#host.redraw();
  }

  /** Shows another restart, at its end when the player stood at the end. */
  setFit(index: number): void {
    if (index === this.#fitIndex || !this.trace.fits[index]) return;
    const atEnd = this.position >= 2 * (this.S - 1);
    this.#fitIndex = index;
    this.#forget();
    const last = 2 * (this.S - 1);
    this.#host.setStep(atEnd ? last : Math.min(this.#host.step(), last));
    this.#host.redraw();
  }

  /** The caret came to an offset of the source's text. */
  caret(offset: number | null): void {
    const point = offset === null || !this.#trace ? null : this.pointAt(offset);
    if (point === null || point === this.pulse?.point) return;
    this.pulse = { point, serial: (this.pulse?.serial ?? 0) + 1 };
    this.#host.redraw();
  }

  #highlight(): void {
    const chosen = this.hovered ?? this.held;
    const span = chosen === null ? null : this.span(chosen);
    this.#host.post({ type: "highlight", spans: span ? [span] : [] });
  }

  #forget(): void {
    this.#mixture = undefined;
    this.#evaluator = undefined;
    this.#shares = undefined;
    this.#colours = undefined;
  }
}
