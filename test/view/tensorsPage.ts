import { readFile } from "node:fs/promises";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { root } from "../../scripts/lib/paths.mjs";
import type { Bundle } from "../../src/core/contract/index.js";
import type { HostToWorker, StoreSpec, TensorPlace, TensorQuestion, TensorToView, ViewToTensor, WorkerToHost } from "../../src/core/protocol.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import { picturesWanted, takePicture, type PageFaults } from "../support/chromium.js";
import { until } from "../support/until.js";
import { layDocument } from "./pages.js";
import { themes } from "./themes.js";

export type TensorOptions = {
  /** A file on disk. */
  readonly file: string;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly language?: string;
  readonly state?: TensorPlace;
  readonly place?: TensorPlace;
  /** Holds answers of a kind back until `release`. */
  readonly hold?: TensorQuestion["kind"];
};

/** The editor of arrays: the built bundle under the real policy, with the real worker behind it. */
export interface TensorPage {
  readonly page: Page;
  readonly faults: PageFaults;
  readonly posts: readonly ViewToTensor[];
  readonly sent: readonly TensorToView[];
  readonly canvas: Locator;
  state(): TensorPlace | undefined;
  send(message: TensorToView): Promise<void>;
  release(): void;
  drawn(): Promise<void>;
  /** Waits until a window and the count are there. */
  counted(): Promise<void>;
  sees(selector: string, text: string | RegExp): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  /** Waits until all is drawn, and with LUMEN_SHOTS=1 writes test/output/NAME.png for a person to look at. */
  screenshot(name: string): Promise<void>;
  close(spoilt?: boolean): Promise<void>;
}

/** Gives a test file a worker, and returns what opens editors. After each test they must be faultless. */
export function tensorOpener(): (options: TensorOptions) => Promise<TensorPage> {
  let worker: Worker;
  let opened: TensorPage[] = [];
  beforeAll(() => {
    worker = new Worker(path.join(root, "dist/worker.js"));
    worker.setMaxListeners(0);
  });
  afterEach(async ({ task }) => {
    const pages = opened;
    opened = [];
    for (const each of pages) await each.close(task.result?.state === "fail");
    for (const { faults } of pages) expect(faults).toEqual({ errors: [], refused: [] });
  });
  afterAll(() => worker?.terminate());
  return async (options) => {
    const page = await openTensors(worker, options);
    opened.push(page);
    return page;
  };
}

/** The word vectors that ship with Lumen. */
export const builtInVectors = path.join(root, "media/models/word-vectors/vectors.npy");

let nextRun = 1;

async function openTensors(worker: Worker, options: TensorOptions): Promise<TensorPage> {
  const { file, width = 900, height = 900, language = "en", theme = "light" } = options;
  const name = path.basename(file);
  const spec: StoreSpec = { kind: "file", uri: `file://${file}`, name, path: file };
  const posts: ViewToTensor[] = [];
  const sent: TensorToView[] = [];
  let saved = options.state;
  let holding = options.hold;
  const heldBack: TensorToView[] = [];
  const runs = new Map<number, { readonly ask: number; readonly kind: TensorQuestion["kind"] }>();

  // Whoever waits for what was sent goes on when the view has it.
  const send = async (message: TensorToView): Promise<void> => {
    await view.send(message);
    sent.push(message);
  };
  const onWorker = (message: WorkerToHost): void => {
    if (!("run" in message)) return;
    const found = runs.get(message.run);
    if (!found) return;
    const { ask, kind } = found;
    const told = ((): TensorToView | undefined => {
      switch (message.type) {
        case "progress":
          return { type: "progress", ask, fraction: message.fraction, message: message.message, ...(kind === "statistics" && message.trace ? { statistics: message.trace as never } : {}) };
        case "inspected":
          return { type: "answer", ask, answer: message.answer };
        case "invalid":
          return { type: "refused", ask, problems: message.problems };
        case "cancelled":
          return { type: "cancelled", ask };
        case "failed":
          return { type: "failed", ask, message: message.message };
        default:
          return undefined;
      }
    })();
    if (!told) return;
    if (holding === kind && told.type !== "progress") heldBack.push(told);
    else void send(told).catch(() => undefined); // the page may be closed by now
  };
  worker.on("message", onWorker);
  const post = (message: HostToWorker): void => worker.postMessage(message);

  const bundle: Bundle = language === "en" ? {} : (JSON.parse(await readFile(path.join(root, `l10n/bundle.l10n.${language}.json`), "utf8")) as Bundle);
  async function onPost(message: ViewToTensor): Promise<void> {
    posts.push(message);
    if (message.type === "ready") return send({ type: "init", name, language, bundle, limit: 2, ...(options.place ? { place: options.place } : {}) });
    if (message.type === "ask") {
      const run = nextRun++;
      for (const [older, { kind }] of runs) if (kind === message.question.kind) post({ type: "cancel", run: older });
      runs.set(run, { ask: message.ask, kind: message.question.kind });
      post({ type: "inspect", run, file: spec, question: message.question });
    } else if (message.type === "cancel") {
      for (const [run, { ask }] of runs) if (ask === message.ask) post({ type: "cancel", run });
    }
  }

  const view = await layDocument({
    script: "tensors", language, theme: themes[theme], state: saved, width, height,
    posted: (message) => onPost(message as ViewToTensor), saved: (state) => (saved = state as TensorPlace),
  });
  const { page, faults, drawn } = view;
  await view.load();
  await until("the view to be ready", () => posts.some((each) => each.type === "ready"));
  const has = (kind: string): boolean => sent.some((each) => each.type === "answer" && each.answer.kind === kind);
  return {
    page, faults, posts, sent, send, drawn,
    canvas: page.locator("canvas.cells"),
    state: () => saved,
    release() {
      holding = undefined;
      for (const each of heldBack.splice(0)) void send(each).catch(() => undefined);
    },
    async counted() {
      await until("a window and the count", () => has("window") && has("statistics"));
      await drawn();
    },
    async sees(selector, text) {
      let last = "";
      await until(`"${text}" in ${selector}`, async () => {
        const found = page.locator(selector);
        // Pictures have no inner text.
        last = [...(await found.allInnerTexts()), ...(/svg$/.test(selector) ? await found.allTextContents() : [])].join("\n");
        return typeof text === "string" ? last.includes(text) : text.test(last);
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${selector} has: ${last}`);
      });
    },
    setTheme: (next) => view.setTheme(themes[next]),
    async screenshot(picture) {
      await drawn();
      if (picturesWanted) await takePicture(page, picture);
    },
    async close(spoilt) {
      worker.off("message", onWorker);
      post({ type: "release", uri: spec.uri });
      await view.close(spoilt);
    },
  };
}

export async function choose(page: TensorPage, name: string): Promise<void> {
  const before = page.sent.length;
  await page.page.locator(".array").filter({ hasText: name }).first().click();
  await page.sees("h1", name);
  await until(`the window of ${name}`, () => page.sent.slice(before).some((each) => each.type === "answer" && each.answer.kind === "window") || name === "empty");
  await page.drawn();
}
