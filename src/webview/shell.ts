import { format, msg, type Message, type Problem } from "../core/contract/index.js";
import type { HostToView, Values, ViewState, ViewToHost } from "../core/protocol.js";
import { createForm, type Form } from "./controls/form.js";
import { pausedEvent } from "./controls/player.js";
import { button } from "./controls/toolkit.js";
import { h } from "./marks/dom.js";
import { invitations, isKnown, schemas, views } from "./registry.js";
import { asError, createActions, type Actions, type Drawn } from "./shellActions.js";
import { emptyState } from "./shellEmpty.js";
import { createHeader, replaceIfChanged, type Header } from "./shellHeader.js";
import { createKeyList } from "./shellKeys.js";
import { watchKeys } from "./shellKeyboard.js";
import { initialModel, modeOf, reduce, type Mode, type Model, type Run, type Shown } from "./shellModel.js";
import { problemBlock } from "./shellProblems.js";
import { createStory, type Story, type StoryState } from "./shellStory.js";
import { watchTheme, type ThemeWatch } from "./shellTheme.js";
import type { Chip, Frame, Mounted, View, ViewHost } from "./view.js";

/** What the shell needs of VS Code. */
export type Port = {
  post(message: ViewToHost): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
};

/** A run shorter than this shows nothing of its progress, and its old picture is not greyed. */
const patience = 150;
const noticeTime = 4000;

/** Everything around a view: header, story, form, states, keys, and the messages to and from the host. */
export class Shell {
  readonly host: ViewHost;
  #port: Port;
  #theme: ThemeWatch;
  #model: Model = initialModel;
  #view: { readonly id: string; readonly mounted: Mounted<unknown>; readonly form: Form } | undefined;
  #restored: ViewState | undefined;
  #wanted: Values | undefined;
  #ui: Record<string, unknown>;
  #step = 0;
  /** The reader stands at the last step, so that the next trace is shown at its end too. */
  #atEnd = true;
  #late = false;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #pausedAt: number | undefined;
  #notice = "";
  #broken: string | undefined;
  #animation = 0;
  #saved = "";
  #width = 0;

  #header: Header;
  #story: Story;
  #actions: Actions;
  #line = h("div", { class: "progress", role: "progressbar", hidden: true });
  #form = h("div", { class: "form-place" });
  #stage = h("div", { class: "stage" });
  #instead = h("div", { class: "instead-of-picture" });
  #live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });

  constructor(root: HTMLElement, port: Port) {
    this.#port = port;
    this.#restored = port.getState();
    this.#ui = { ...this.#restored?.ui };
    this.#theme = watchTheme(() => this.redraw());
    this.host = this.#createHost();
    const keyList = createKeyList(this.host);
    this.#actions = createActions(this.host, () => this.#drawn(), {
      openExports: () => this.#header.openExports(),
      openKeys: () => keyList.open(),
      notice: (text) => this.#say(text),
    });
    this.#header = createHeader(this.host, { ...this.#actions, continueWith: (chip) => this.#continueWith(chip) });
    this.#story = createStory(this.host);
    const panel = h("div", { class: "panel" }, this.#story.element, this.#form, this.#instead, this.#stage);
    root.classList.add("shell");
    root.replaceChildren(this.#header.element, this.#line, panel, this.#live);
    watchKeys(this.host, {
      mounted: () => this.#view?.mounted,
      openExports: () => this.#header.openExports(),
      openKeys: () => keyList.open(),
      closeReasons: () => this.#header.closeReasons(),
      guarded: (work) => this.#guarded(work) ?? false,
    });
    this.#stage.addEventListener(pausedEvent, (event) => {
      this.#pausedAt = (event as CustomEvent<number>).detail;
      this.redraw();
    });
    new ResizeObserver(() => {
      const width = this.#form.clientWidth;
      if (width !== this.#width) this.redraw();
    }).observe(panel);
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
        if (this.#model.source?.uri !== before.source?.uri) this.#wanted = undefined;
        break;
      case "running":
        if (this.#model.run !== before.run) this.#begin(message.params);
        break;
      case "progress":
      case "trace":
        if (this.#model.shown !== before.shown && this.#model.shown) this.#arrive(this.#model.shown);
        break;
      case "cancelled":
        if (this.#model.run?.phase === "cancelled" && this.#model.shown && !this.#model.run.edited) this.#wanted = this.#model.shown.params;
        break;
      case "caret":
        this.#guarded(() => this.#view?.mounted.caret?.(message.offset));
        break;
      case "action":
        this.#guarded(() => this.#actions.run(message.action));
        break;
      case "notice":
        this.#say(this.host.t(message.message));
        break;
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
    this.#animation ||= requestAnimationFrame(() => {
      this.#animation = 0;
      this.#paint();
    });
  }

  #createHost(): ViewHost {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- getters of the host read the shell
    const shell = this;
    return {
      t: (message: Message) => format(message, shell.#model.bundle),
      get bundle() {
        return shell.#model.bundle;
      },
      palette: () => shell.#theme.palette(),
      get reducedMotion() {
        return shell.#theme.reducedMotion;
      },
      get samples() {
        return shell.#model.samples;
      },
      source: () => shell.#model.source ?? undefined,
      params: () => shell.#params(),
      run(patch, options) {
        shell.#wanted = { ...shell.#params(), ...patch };
        shell.#port.post({ type: "run", params: shell.#wanted, ...(options?.from === undefined ? {} : { from: options.from }) });
        shell.redraw();
      },
      shownRun: () => shell.#model.shown?.run,
      post: (message) => shell.#port.post(message),
      step: () => shell.#step,
      setStep: (step) => shell.#setStep(step),
      ui: <T>(key: string, fallback: T): T => (key in shell.#ui ? (shell.#ui[key] as T) : fallback),
      setUi(key, value) {
        shell.#ui[key] = value;
        shell.redraw();
      },
      announce: (text) => shell.#announce(text),
      redraw: () => shell.redraw(),
    };
  }

  #params(): Values {
    return this.#wanted ?? this.#model.run?.params ?? this.#model.shown?.params ?? this.#restored?.params ?? {};
  }

  #drawn(): Drawn | undefined {
    const { shown } = this.#model;
    return this.#view && shown ? { mounted: this.#view.mounted, trace: shown.trace, step: Math.floor(this.#step) } : undefined;
  }

  #mount(id: string): void {
    if (this.#view?.id === id) return;
    this.#unmount();
    if (!isKnown(id)) {
      this.#broken = this.host.t(msg("This version of Lumen has no picture named {0}.", id));
      return;
    }
    if (this.#restored?.explainer !== id) this.#restored = undefined;
    const view = views[id] as View<unknown>;
    const root = h("div", { class: "view" });
    this.#stage.replaceChildren(root);
    const mounted = this.#guarded(() => view.mount(root, this.host));
    if (!mounted) return;
    const form = createForm(this.host, schemas[id]);
    this.#form.replaceChildren(form.element);
    this.#view = { id, mounted, form };
  }

  #unmount(): void {
    const view = this.#view;
    this.#view = undefined;
    if (view) this.#guarded(() => view.mounted.dispose());
    view?.form.dispose();
    this.#broken = undefined;
  }

  /** A run began: what is drawn is old news, but is shown as such only when the run takes its time. */
  #begin(params: Values): void {
    this.#wanted = params;
    this.#late = false;
    clearTimeout(this.#lateTimer);
    this.#lateTimer = setTimeout(() => {
      this.#late = true;
      this.redraw();
    }, patience);
  }

  #arrive(shown: Shown): void {
    const mounted = this.#view?.mounted;
    if (!mounted) return;
    this.#broken = undefined;
    this.#pausedAt = undefined;
    this.#guarded(() => {
      const last = Math.max(0, mounted.steps(shown.trace) - 1);
      const saved = shown.complete && this.#restored?.uri === this.#model.source?.uri ? this.#restored?.step : undefined;
      if (shown.complete) this.#restored = undefined;
      this.#step = saved !== undefined ? Math.min(saved, last) : this.#atEnd ? last : Math.min(this.#step, last);
      this.#atEnd = this.#step >= last;
    });
  }

  #setStep(step: number): void {
    const drawn = this.#drawn();
    if (!drawn || !Number.isFinite(step)) return;
    const last = Math.max(0, (this.#guarded(() => drawn.mounted.steps(drawn.trace)) ?? 1) - 1);
    const next = Math.max(0, Math.min(last, step));
    if (next === this.#step) return;
    this.#step = next;
    this.#atEnd = next >= last;
    if (this.#pausedAt !== undefined && next !== this.#pausedAt) this.#pausedAt = undefined;
    this.redraw();
  }

  #announce(text: string): void {
    // The same sentence twice is spoken twice only when the region was empty in between.
    this.#live.textContent = this.#live.textContent === text ? `${text}\u00a0` : text;
  }

  #say(text: string): void {
    this.#notice = text;
    this.#announce(text);
    this.redraw();
    setTimeout(() => {
      if (this.#notice === text) this.#notice = "";
      this.redraw();
    }, noticeTime);
  }

  #continueWith(chip: Chip): void {
    const from = chip.action?.continues ? this.#model.shown?.run : undefined;
    if (chip.action) this.host.run(chip.action.params, { from });
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
    // A stale picture is not greyed before the run has taken its time, lest every small change flickers.
    const status = picture?.status === "stale" && run?.phase === "running" && !this.#late ? "complete" : picture?.status;
    const width = this.#form.clientWidth;
    this.#width = width;

    this.#paintProgress(run);
    this.#stage.hidden = picture === undefined;
    this.#stage.classList.toggle("stale", status === "stale");
    if (picture && view && status) {
      const frame: Frame = { step: this.#step, width, height: window.innerHeight, status };
      this.#guarded(() => view.mounted.draw(picture.shown.trace, frame));
    }
    const story = this.#broken === undefined ? this.#guarded(() => this.#storyOf(mode, status)) : undefined;
    this.#story.draw(story);
    this.#paintHeader(picture?.shown, status, run);
    this.#paintForm(mode);
    this.#paintInstead(mode);
    this.#save();
  }

  #paintProgress(run: Run | undefined): void {
    const running = run?.phase === "running" && this.#late;
    this.#line.hidden = !running;
    if (!running) return;
    const fraction = run.progress?.fraction ?? NaN;
    const known = Number.isFinite(fraction);
    this.#line.classList.toggle("unknown", !known);
    this.#line.style.setProperty("--done", known ? `${100 * Math.max(0, Math.min(1, fraction))}%` : "100%");
    this.#line.setAttribute("aria-label", this.host.t(run.progress?.message ?? msg("Running")));
    if (known) this.#line.setAttribute("aria-valuenow", String(Math.round(fraction * 100)));
    else this.#line.removeAttribute("aria-valuenow");
  }

  #storyOf(mode: Mode, status: Frame["status"] | undefined): StoryState | undefined {
    const mounted = this.#view?.mounted;
    if (mode.kind === "starting") {
      const name = this.#model.source?.name ?? "";
      return { title: msg("Reading {0}", name), lede: [], progress: this.#progressOf(mode.run), notes: [] };
    }
    if (mode.kind !== "picture" || !mounted) return undefined;
    const { run } = this.#model;
    const { title, lede } = mounted.story(mode.shown.trace, Math.floor(this.#step));
    if (run?.phase === "running" && this.#late) return { title, lede, progress: this.#progressOf(run), notes: [] };
    if (status === "stale" && run?.phase === "invalid") {
      const [problem, ...notes] = errorsFirst(run.problems);
      return { title, lede, problem, notes };
    }
    if (status === "stale" && run?.phase === "failed") {
      const problem: Problem = { severity: "error", message: run.failure ?? msg("The run failed."), fixes: [{ label: msg("Try again"), params: {} }] };
      return { title, lede, problem, notes: [] };
    }
    return { title, lede, notes: status === "complete" ? mode.shown.problems.filter((problem) => problem.severity !== "info") : [] };
  }

  #progressOf(run: Run): StoryState["progress"] {
    const actions = [{ label: msg("Cancel"), run: () => this.#port.post({ type: "cancel" }) }];
    if (this.#model.shown?.run === run.id) actions.unshift({ label: msg("Stop"), run: () => this.#port.post({ type: "stop" }) });
    return { message: run.progress?.message ?? msg("Starting"), actions: this.#late ? actions : [] };
  }

  #paintHeader(shown: Shown | undefined, status: Frame["status"] | undefined, run: Run | undefined): void {
    const mounted = shown ? this.#view?.mounted : undefined;
    const rows = mounted && shown ? this.#guarded(() => mounted.rows(shown.trace)) : undefined;
    const infos = shown?.problems.filter((problem) => problem.severity === "info") ?? [];
    const known = new Set(rows?.notes.map((note) => JSON.stringify(note.message)));
    const notes = [...(rows?.notes ?? []), ...infos.filter((info) => !known.has(JSON.stringify(info.message)))];
    const chips: Chip[] = [];
    if (status === "stale") chips.push({ label: run?.edited ? msg("before your edit") : msg("before your change"), tone: "warn" });
    if (run?.phase === "cancelled") chips.push({ label: msg("cancelled"), action: { label: msg("Run again"), params: run.params } });
    if (mounted && shown && status !== "running") {
      const own = this.#guarded(() => mounted.chips?.(shown.trace, Math.floor(this.#step)));
      if (own) chips.push(...own);
      else if (rows?.sampled) chips.push({ label: rows.sampled });
    }
    if (this.#pausedAt !== undefined) chips.push({ label: msg("paused"), tone: "red" });
    this.#header.draw({
      source: this.#model.source ?? undefined,
      columns: mounted && shown ? (this.#guarded(() => usedColumns(mounted, shown)) ?? []) : [],
      rows: rows && { label: rows.label, notes },
      chips,
      notice: this.#notice,
    });
  }

  #paintForm(mode: Mode): void {
    const { shown, run } = this.#model;
    const view = this.#view;
    this.#form.toggleAttribute("data-empty", !view || mode.kind === "empty" || mode.kind === "waiting");
    if (!view) return;
    view.form.draw({
      params: this.#params(),
      columns: (shown && this.#guarded(() => view.mounted.columns?.(shown.trace))) ?? [],
      problems: run?.phase === "invalid" ? run.problems : [],
      presets: this.#guarded(() => view.mounted.presets?.()) ?? [],
    });
  }

  #paintInstead(mode: Mode): void {
    const { run, samples, explainer } = this.#model;
    const language = this.#model.language;
    const show = (key: unknown, build: () => readonly (Node | string)[]): void =>
      replaceIfChanged(this.#instead, JSON.stringify([mode.kind, language, key]), build);
    const again = (): HTMLElement => h("div", { class: "buttons" }, button(this.host.t(msg("Try again")), () => this.host.run({}), true));
    if (this.#broken !== undefined) {
      const redo = button(this.host.t(msg("Draw it again")), () => this.#remount(), true);
      show(this.#broken, () => [h("h1", {}, this.host.t(msg("No picture"))), h("p", { role: "alert" }, this.#broken ?? ""), h("div", { class: "buttons" }, redo)]);
    } else if (mode.kind === "empty" && explainer !== undefined && isKnown(explainer)) {
      const own = samples.filter((sample) => sample.explainer === explainer);
      show(own, () => [emptyState(this.host, invitations[explainer], own)]);
    } else if (mode.kind === "waiting") {
      show(0, () => [h("p", { class: "quiet" }, this.host.t(msg("Opening …")))]);
    } else if (mode.kind === "problem" && run?.phase === "invalid") {
      show(run.problems, () => [h("h1", {}, this.host.t(msg("Nothing to draw yet"))), problemBlock(this.host, run.problems)]);
    } else if (mode.kind === "problem" && run?.phase === "cancelled") {
      show(run.id, () => [h("h1", {}, this.host.t(msg("Cancelled"))), h("p", {}, this.host.t(msg("Nothing was kept of this run."))), again()]);
    } else if (mode.kind === "problem" && run) {
      show(run.failure, () => [h("h1", {}, this.host.t(msg("The run failed"))), h("p", { role: "alert" }, this.host.t(run.failure ?? msg("Lumen does not know why; its log may."))), again()]);
    } else show(null, () => []);
    this.#instead.hidden = this.#instead.childElementCount === 0;
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
    const state: ViewState = {
      explainer, params: this.#params(), step: Math.round(this.#step), uri: source.uri, ranges: source.ranges, ui: { ...this.#ui },
    };
    const text = JSON.stringify(state);
    // Until a trace has come, what was saved before a reload is still the truth.
    if (text === this.#saved || (this.#restored !== undefined && !this.#model.shown?.complete)) return;
    this.#saved = text;
    this.#port.setState(state);
  }
}

function errorsFirst(problems: readonly Problem[]): readonly Problem[] {
  const errors = problems.filter((problem) => problem.severity === "error");
  return errors.length > 0 ? errors : problems;
}

/** The columns in use, for the source's chip: those asked for, else the preselected ones. */
function usedColumns(mounted: Mounted<unknown>, shown: Shown): readonly string[] {
  const asked = Object.values(shown.params).find((value): value is string[] => Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === "string"));
  const all = mounted.columns?.(shown.trace) ?? [];
  return asked ?? all.filter((column) => column.numeric).map((column) => column.name);
}
