import { msg } from "../core/contract/index.js";
import type { HostToView, RunId, Values, ViewState, ViewToHost } from "../core/protocol.js";
import { createForm, type Form } from "./controls/form.js";
import { dropPlaced } from "./controls/placed.js";
import { pausedEvent } from "./controls/player.js";
import { h } from "./marks/dom.js";
import { isKnown, schemas, views } from "./registry.js";
import { asError, createActions, type Actions, type Drawn } from "./shellActions.js";
import { createAsks, type Asks } from "./shellAsks.js";
import { drawBody } from "./shellBody.js";
import { createHeader, type Header } from "./shellHeader.js";
import { createHost } from "./shellHost.js";
import { createKeyList } from "./shellKeys.js";
import { watchKeys } from "./shellKeyboard.js";
import { createMemory, type Memory } from "./shellMemory.js";
import { initialModel, modeOf, reduce, type Model, type Shown } from "./shellModel.js";
import { Place } from "./shellPlace.js";
import { createProgress } from "./shellProgress.js";
import { createPatience } from "./shellPatience.js";
import { formOf, headerOf, storyOf, type Scene } from "./shellSentences.js";
import { createStory, type Story } from "./shellStory.js";
import { watchTheme, type ThemeWatch } from "./shellTheme.js";
import { createVoice } from "./shellVoice.js";
import { Wanted } from "./shellWanted.js";
import { createRuler } from "./shellWidth.js";
import type { Chip, Frame, Mounted, View, ViewHost } from "./view.js";

/** What the shell needs of VS Code. */
export type Port = {
  post(message: ViewToHost): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
};

/** Everything around a view: header, story, form, states, keys, and the messages to and from the host. */
export class Shell {
  readonly host: ViewHost;
  #port: Port;
  #theme: ThemeWatch;
  #model: Model = initialModel;
  #view: { readonly id: string; readonly mounted: Mounted<unknown>; readonly form: Form } | undefined;
  #memory: Memory;
  #wanted = new Wanted();
  #place = new Place();
  #patience = createPatience(() => this.redraw());
  #broken: string | undefined;
  #waiting = false;

  #header: Header;
  #story: Story;
  #actions: Actions;
  #progress: ReturnType<typeof createProgress>;
  #form = h("div", { class: "form-place" });
  #ruler = createRuler(this.#form);
  #stage = h("div", { class: "stage" });
  #body = h("div", { class: "instead-of-picture" });
  #voice = createVoice(() => this.redraw());
  #asks: Asks;

  constructor(root: HTMLElement, port: Port) {
    this.#port = port;
    this.#memory = createMemory(port);
    this.#theme = watchTheme(() => this.redraw());
    this.#asks = createAsks((message) => port.post(message));
    this.host = createHost({
      theme: this.#theme,
      ui: this.#memory.ui,
      model: () => this.#model,
      params: () => this.#params(),
      run: (patch, options) => this.#run(patch, options?.from),
      prepare: (patch) => this.#prepare(patch),
      ask: (question) => this.#asks.ask(question),
      step: () => this.#place.step,
      setStep: (step) => this.#setStep(step),
      post: (message) => this.#port.post(message),
      announce: (text) => this.#voice.announce(text),
      redraw: () => this.redraw(),
    });
    this.#progress = createProgress(this.host);
    const keyList = createKeyList(this.host);
    this.#actions = createActions(this.host, () => this.#drawn(), {
      openExports: () => this.#header.openExports(),
      openKeys: () => keyList.open(),
      notice: (text) => this.#voice.say(text),
    });
    this.#header = createHeader(this.host, { ...this.#actions, continueWith: (chip) => this.#continueWith(chip) });
    this.#story = createStory(this.host);
    const panel = h("div", { class: "panel" }, this.#story.element, this.#body, this.#form, this.#stage);
    root.classList.add("shell");
    root.replaceChildren(this.#header.element, this.#progress.element, panel, this.#voice.element);
    watchKeys(this.host, {
      mounted: () => this.#view?.mounted,
      openExports: () => this.#header.openExports(),
      openKeys: () => keyList.open(),
      closeReasons: () => this.#header.closeReasons(),
      guarded: (work) => this.#guarded(work) ?? false,
    });
    this.#stage.addEventListener(pausedEvent, (event) => {
      this.#place.pause((event as CustomEvent<number>).detail);
      this.redraw();
    });
    new ResizeObserver(() => (this.#ruler.changed ? this.redraw() : undefined)).observe(panel);
    window.addEventListener("resize", () => this.redraw());
    this.redraw();
  }

  /** A message of the host. */
  receive(message: HostToView): void {
    const before = this.#model;
    this.#model = reduce(before, message);
    switch (message.type) {
      case "init":
        document.documentElement.lang = message.language;
        this.#mount(message.explainer);
        break;
      case "source":
        if (this.#model.source?.uri !== before.source?.uri) this.#wanted.take(undefined);
        break;
      case "running":
        if (this.#model.run === before.run) break;
        this.#wanted.began(message.params);
        this.#patience.begin();
        break;
      case "progress":
      case "trace":
        if (this.#model.shown !== before.shown && this.#model.shown) this.#arrive(this.#model.shown);
        break;
      case "cancelled":
        if (this.#model.run?.phase === "cancelled" && this.#model.shown && !this.#model.run.edited) this.#wanted.take(this.#model.shown.params);
        break;
      case "answered":
        this.#asks.answered(message.ask, message.answer);
        return;
      case "caret":
        this.#guarded(() => this.#view?.mounted.caret?.(message.offset));
        break;
      case "action":
        this.#guarded(() => this.#actions.run(message.action));
        break;
      case "notice":
        this.#voice.say(this.host.t(message.message));
        break;
      case "settings":
      case "invalid":
      case "failed":
        break;
    }
    this.redraw();
  }

  /** An exception that nobody caught: logged by the host. */
  report(error: unknown): void {
    this.#port.post({ type: "error", ...asError(error) });
  }

  /** Draws at the next animation frame; many calls make one drawing. */
  redraw(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#paint();
    });
  }

  #run(patch: Values, from: RunId | undefined): void {
    const params = this.#params();
    const { explainer } = this.#model;
    const wanted = { ...params, ...(explainer !== undefined && isKnown(explainer) ? dropPlaced(schemas[explainer], params, patch) : patch) };
    this.#wanted.ask(wanted);
    this.#port.post({ type: "run", params: wanted, ...(from === undefined ? {} : { from }) });
    this.redraw();
  }

  #prepare(patch: Values): void {
    const wanted = { ...this.#params(), ...patch };
    this.#wanted.take(wanted);
    this.#port.post({ type: "params", params: wanted });
    this.redraw();
  }

  #params(): Values {
    return this.#wanted.values ?? this.#model.run?.params ?? this.#model.shown?.params ?? this.#memory.params ?? {};
  }

  #drawn(): Drawn | undefined {
    const { shown } = this.#model;
    return this.#view && shown ? { mounted: this.#view.mounted, trace: shown.trace, step: Math.floor(this.#place.step) } : undefined;
  }

  #mount(id: string): void {
    if (this.#view?.id === id) return;
    this.#unmount();
    if (!isKnown(id)) {
      this.#broken = this.host.t(msg("This version of Lumen has no picture named {0}.", id));
      return;
    }
    this.#memory.keepFor(id);
    const view = views[id] as View<unknown>;
    const root = h("div", { class: "view" });
    this.#stage.replaceChildren(root);
    const mounted = this.#guarded(() => view.mount(root, this.host));
    if (!mounted) return;
    const form = createForm(this.host, schemas[id]);
    this.#form.replaceChildren(...(mounted.lead ? [mounted.lead.element] : []), form.element);
    this.#view = { id, mounted, form };
  }

  #unmount(): void {
    const view = this.#view;
    this.#view = undefined;
    this.#asks.drop();
    if (view) this.#guarded(() => view.mounted.dispose());
    view?.form.dispose();
    this.#broken = undefined;
  }

  #arrive(shown: Shown): void {
    const mounted = this.#view?.mounted;
    if (!mounted) return;
    this.#broken = undefined;
    this.#place.resume();
    this.#guarded(() => {
      const last = Math.max(0, mounted.steps(shown.trace) - 1);
      const saved = shown.complete ? this.#memory.takeStep(this.#model.source?.uri) : undefined;
      this.#place.arrive(last, saved);
    });
  }

  #setStep(step: number): void {
    const drawn = this.#drawn();
    if (!drawn || !Number.isFinite(step)) return;
    const last = Math.max(0, (this.#guarded(() => drawn.mounted.steps(drawn.trace)) ?? 1) - 1);
    if (this.#place.go(step, last)) this.redraw();
  }

  #continueWith(chip: Chip): void {
    if (chip.action) this.host.run(chip.action.params, { from: chip.action.continues ? this.#model.shown?.run : undefined });
  }

  /** Runs the view's code; an exception becomes a sentence in the picture's place, and a line in the log. */
  #guarded<R>(work: () => R): R | undefined {
    try {
      return work();
    } catch (error) {
      this.#broken = this.host.t(msg("The picture could not be drawn: {0}", asError(error).message));
      this.report(error);
      this.redraw();
      return undefined;
    }
  }

  #paint(): void {
    const mode = modeOf(this.#model);
    const view = this.#view;
    const picture = mode.kind === "picture" && view && this.#broken === undefined ? mode : undefined;
    const run = this.#model.run;
    // A stale picture is not greyed before the run has taken its time, lest every small change flickers; nor is what the run is not for.
    const spared = run?.phase === "running" && (!this.#patience.late || (!run.edited && this.#guarded(() => view?.mounted.settled?.()) === true));
    const status = picture?.status === "stale" && spared ? "complete" : picture?.status;
    const width = this.#ruler.measure();

    this.#progress.draw(run?.phase === "running" && this.#patience.late ? run : undefined);
    this.#stage.hidden = picture === undefined;
    this.#stage.classList.toggle("stale", status === "stale");
    if (picture && view && status) {
      const frame: Frame = { step: this.#place.step, width, height: window.innerHeight, status };
      this.#guarded(() => view.mounted.draw(picture.shown.trace, frame));
    }
    // A view that has thrown is asked nothing more until a new trace comes or the reader asks to draw again.
    const scene = (mounted: Mounted<unknown> | undefined): Scene => ({
      model: this.#model, mode, mounted, step: Math.floor(this.#place.step), status, late: this.#patience.late, paused: this.#place.paused,
    });
    const ask = <R>(write: (scene: Scene) => R): R =>
      (this.#broken === undefined ? this.#guarded(() => write(scene(view?.mounted))) : undefined) ?? write(scene(undefined));
    this.#story.draw(ask((asked) => storyOf(this.host, asked)));
    this.#header.draw(ask((asked) => headerOf(asked, picture?.shown, this.#voice.notice)));
    this.#form.toggleAttribute("data-empty", !view || mode.kind === "empty" || mode.kind === "waiting");
    this.#guarded(() => view?.mounted.lead?.draw());
    view?.form.draw(ask((asked) => formOf(asked, this.#params())));
    drawBody(this.#body, this.host, this.#model, mode, this.#broken, () => this.#remount());
    this.#save();
  }

  #remount(): void {
    const { explainer } = this.#model;
    this.#unmount();
    if (explainer !== undefined) this.#mount(explainer);
    this.redraw();
  }

  #save(): void {
    const { explainer, source } = this.#model;
    if (explainer === undefined || !source) return;
    const { uri, ranges, pinned } = source;
    this.#memory.save({ explainer, params: this.#params(), step: Math.round(this.#place.step), uri, ranges, pinned, ui: { ...this.#memory.ui } });
  }
}
