import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Page } from "playwright-core";
import { root } from "../../scripts/lib/paths.mjs";
import type { Bundle, Span } from "../../src/core/contract/index.js";
import type { HostToView, HostToWorker, ModelSpec, RunEvent, SampleInfo, SourceInfo, SourceSpec, StoreSpec, Values, ViewState, ViewToHost, WorkerToHost } from "../../src/core/protocol.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import { picturesWanted, takePicture, type PageFaults } from "../support/chromium.js";
import { until } from "../support/until.js";
import { layDocument } from "./pages.js";
import { themes, type ThemeVariables } from "./themes.js";

export type OpenOptions = {
  readonly theme?: Theme | ThemeVariables;
  readonly width?: number;
  readonly height?: number;
  /** A file of samples/; its parameters in samples/index.json are used unless `params` are given. */
  readonly sample?: string;
  /** Or any text, under a name; of its `ranges`, where they are given. */
  readonly text?: { readonly name: string; readonly text: string; readonly languageId?: string; readonly ranges?: readonly Span[] };
  /** Or any file that the worker opens itself. */
  readonly file?: { readonly path: string; readonly part?: string };
  /** What the panel explains; the sample's own, else a mixture. */
  readonly explainer?: string;
  /** Where words are looked up; the built-in word vectors unless given. */
  readonly store?: StoreSpec;
  /** The language model; the built-in one unless given. */
  readonly model?: ModelSpec;
  readonly params?: Values;
  readonly language?: string;
  /** What the panel had saved before a reload. */
  readonly state?: ViewState;
  readonly reducedMotion?: boolean;
  /** false: nothing runs by itself; the test sends the runs' messages. */
  readonly live?: boolean;
  /** true: what a run has so far is kept back, so that there is nothing to draw until it has ended. */
  readonly blind?: boolean;
};

/** An open panel: the built bundle under the real policy, with real runs behind it. */
export interface Panel {
  readonly page: Page;
  readonly faults: PageFaults;
  /** Every message the view has posted, the oldest first. */
  readonly posts: readonly ViewToHost[];
  /** Every outcome the worker has given. */
  readonly outcomes: readonly RunEvent[];
  /** What the view has saved last. */
  state(): ViewState | undefined;
  send(message: HostToView): Promise<void>;
  /** Sends `running` and runs in the worker; resolves with the outcome once it has been drawn. */
  run(params?: Values, edited?: boolean): Promise<RunEvent>;
  /** Replaces the source's text, as an edit would, and runs. */
  edit(text: string): Promise<RunEvent>;
  /** The newest trace, as the view has it. */
  trace<T>(): T;
  /** Puts the player's range to a step and waits until it is drawn. */
  step(n: number): Promise<void>;
  steps(): Promise<number>;
  /** Waits until what was asked to be drawn is drawn. */
  drawn(): Promise<void>;
  setTheme(theme: Theme | ThemeVariables): Promise<void>;
  /** Waits until all is drawn, and with LUMEN_SHOTS=1 writes test/output/NAME.png for a person to look at. */
  screenshot(name: string): Promise<void>;
  /** The whole page's height, not just the window's. */
  fullScreenshot(name: string): Promise<void>;
  /** `spoilt`: a test has failed in it. */
  close(spoilt?: boolean): Promise<void>;
}

let nextRun = 1;

type Sample = SampleInfo & { readonly params?: Values };
type Stage = { readonly worker: Worker; readonly samples: readonly Sample[] };
let stage: Promise<Stage> | undefined;

/** The worker serves all test files of this process: it reads its word vectors and its model once. */
async function setStage(): Promise<Stage> {
  const worker = new Worker(path.join(root, "dist/worker.js"));
  worker.setMaxListeners(0);
  worker.unref();
  return { worker, samples: JSON.parse(await readFile(path.join(root, "samples/index.json"), "utf8")) as Sample[] };
}

/** Opens a panel, with runs behind it unless `live` is false, and waits for its first picture. */
export async function openPanel(options: OpenOptions = {}): Promise<Panel> {
  const { worker, samples } = await (stage ??= setStage());
  const { width = 736, height = 900, language = "en", live = true } = options;
  const posts: ViewToHost[] = [];
  const outcomes: RunEvent[] = [];
  let saved = options.state;
  const source = await sourceOf(options);
  let spec = source;
  const { params: sampleParams, explainer: sampleExplainer } = samples.find((sample) => sample.file === options.sample) ?? {};
  const explainer = options.explainer ?? sampleExplainer ?? "mixture";
  const store = options.store ?? builtinVectors;
  const model = options.model ?? builtinModel;
  let pinned = false;

  const info = (): SourceInfo | undefined => spec && { uri: spec.uri, name: spec.name, lines: "", ranges: spec.kind === "text" ? spec.ranges : [], pinned, text: spec.kind === "text" };
  const onWorker = (message: WorkerToHost): void => {
    if (message.type !== "answered" && !isRunEvent(message)) return;
    const ask = asked.get(message.run);
    if (ask !== undefined && message.type !== "progress") {
      asked.delete(message.run);
      void send({ type: "answered", ask, answer: message.type === "answered" ? message.answer : undefined }).catch(() => undefined);
    }
    if (message.type === "answered" || !mine.has(message.run)) return;
    // Whoever waits for an outcome goes on when the view has it. The panel may be closed by now.
    void send(message.type === "progress" && options.blind ? { ...message, trace: undefined } : message).then(() => message.type !== "progress" && outcomes.push(message), () => undefined);
  };
  const mine = new Set<number>();
  /** The view's questions by the runs that answer them. */
  const asked = new Map<number, number>();
  let latest: Values = {};
  worker.on("message", onWorker);

  async function run(params: Values = sampleParams ?? {}, edited = false, from?: number): Promise<RunEvent> {
    if (!spec) throw new Error("This panel has no source.");
    const id = nextRun++;
    const older = [...mine].filter((other) => !outcomes.some((outcome) => outcome.run === other));
    for (const other of older) worker.postMessage({ type: "cancel", run: other } satisfies HostToWorker);
    mine.add(id);
    latest = params;
    // Not one after the other: a cancel that is posted meanwhile must find the run in the worker.
    const told = send({ type: "running", run: id, params, edited });
    worker.postMessage({ type: "run", run: id, explainer, source: spec, params, store, model, ...(from === undefined ? {} : { from }) } satisfies HostToWorker);
    await told;
    const outcome = await until(`the outcome of run ${id}`, () => outcomes.find((each) => each.run === id));
    await drawn();
    return outcome;
  }

  const bundle: Bundle = language === "en" ? {} : await bundleOf(language);
  async function onPost(message: ViewToHost): Promise<void> {
    posts.push(message);
    if (message.type === "ready") {
      await send({ type: "init", explainer, language, bundle, samples: samples.map(({ file, title, explainer }) => ({ file, title, explainer })) });
      await send({ type: "source", source: info() });
      if (spec && live) await run(options.params ?? options.state?.params ?? sampleParams ?? {});
    } else if (!live) return;
    else if (message.type === "run") await run(message.params, false, message.from);
    else if (message.type === "ask" && spec) {
      const id = nextRun++;
      asked.set(id, message.ask);
      worker.postMessage({ type: "question", run: id, explainer, source: spec, params: latest, question: message.question, store, model } satisfies HostToWorker);
    } else if (message.type === "pin") {
      pinned = message.pinned;
      await send({ type: "source", source: info() });
    } else if (message.type === "cancel" || message.type === "stop") {
      worker.postMessage({ type: message.type, run: Math.max(...mine) } satisfies HostToWorker);
    }
  }

  const { page, faults, load, send, drawn, setTheme, close } = await layDocument({
    script: "webview", language, theme: themeOf(options.theme ?? "light"), state: saved, width, height,
    reducedMotion: options.reducedMotion, posted: (message) => onPost(message as ViewToHost), saved: (state) => (saved = state as ViewState),
  });
  await load();
  await until("the view to be ready", () => posts.some((post) => post.type === "ready"));
  if (live && spec) await until("the first outcome", () => outcomes.length > 0);
  await drawn();

  return {
    page, faults, posts, outcomes, send, run, drawn,
    state: () => saved,
    edit(text) {
      if (spec?.kind !== "text") throw new Error("Only text can be edited.");
      spec = { ...spec, text };
      return run(saved?.params, true);
    },
    trace<T>() {
      const last = outcomes.filter((outcome) => outcome.type === "trace").at(-1);
      if (!last) throw new Error("No trace has come yet.");
      return last.trace as T;
    },
    async step(n) {
      const range = page.locator(".player input[type=range]");
      await range.evaluate((element: HTMLInputElement, value) => {
        element.value = String(value);
        element.dispatchEvent(new Event("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }, n);
      // A tab may keep its player's step among its own values.
      await until(`step ${n}`, () => saved?.step === n || Object.values(saved?.ui ?? {}).includes(n));
      await drawn();
    },
    steps: async () => Number(await page.locator(".player input[type=range]").getAttribute("max")) + 1,
    setTheme: (theme) => setTheme(themeOf(theme)),
    async screenshot(name) {
      await drawn();
      if (picturesWanted) await takePicture(page, name);
    },
    async fullScreenshot(name) {
      if (!picturesWanted) return drawn();
      const tall = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.min(4000, Math.max(height, tall)) });
      await drawn();
      await takePicture(page, name);
      await page.setViewportSize({ width, height });
      await drawn();
    },
    async close(spoilt) {
      worker.off("message", onWorker);
      for (const run of mine) if (!outcomes.some((outcome) => outcome.run === run)) worker.postMessage({ type: "cancel", run } satisfies HostToWorker);
      await close(spoilt);
    },
  };
}

function isRunEvent(message: WorkerToHost): message is RunEvent {
  return ["progress", "trace", "invalid", "cancelled", "failed"].includes(message.type);
}

const builtinVectors: StoreSpec = {
  kind: "file", uri: "lumen-builtin:word-vectors", name: "", path: path.join(root, "media/models/word-vectors/vectors.npy"),
};

const builtinModel: ModelSpec = { kind: "folder", uri: "lumen-builtin:model", name: "", path: path.join(root, "media/models/tiny-gpt2") };

function themeOf(theme: Theme | ThemeVariables): ThemeVariables {
  return typeof theme === "string" ? themes[theme] : theme;
}

async function sourceOf({ sample, text, file: own }: OpenOptions): Promise<SourceSpec | undefined> {
  if (text) return { kind: "text", uri: `file:///${text.name}`, name: text.name, languageId: text.languageId ?? "plaintext", text: text.text, ranges: text.ranges ?? [] };
  if (own) return { kind: "file", uri: `file://${own.path}`, name: path.basename(own.path), path: own.path, ...(own.part === undefined ? {} : { part: own.part }) };
  if (sample === undefined) return undefined;
  const file = path.join(root, "samples", sample);
  if (sample.endsWith(".npy")) return { kind: "file", uri: `file:///${sample}`, name: sample, path: file };
  const languageId = { ".json": "json", ".py": "python", ".md": "markdown" }[path.extname(sample)] ?? "plaintext";
  return { kind: "text", uri: `file:///${sample}`, name: sample, languageId, text: await readFile(file, "utf8"), ranges: [] };
}

/** All translations: the merged ones, and over them those that are still in parts. */
async function bundleOf(language: string): Promise<Bundle> {
  const parts = path.join(root, "l10n/parts");
  const names = existsSync(parts) ? (await readdir(parts)).map((name) => path.join(parts, name)) : [];
  const files = [path.join(root, `l10n/bundle.l10n.${language}.json`), ...names].filter((file) => existsSync(file));
  const bundles = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Bundle));
  return Object.assign({}, ...bundles) as Bundle;
}
