import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { inject } from "vitest";
import { root } from "../../scripts/lib/paths.mjs";
import { panelHtml } from "../../src/extension/panelHtml.js";
import { watchFaults, type PageFaults } from "../support/chromium.js";
import { installFakeApi } from "./fakeApi.js";
import type { ThemeVariables } from "./themes.js";
import { pack, unpack } from "./wire.js";

/**
 * The pages that tests lend themselves. A new page costs a process of the browser and the compilation of the bundle, some
 * ten times as much as another document in a page that is there: so a page is used by one test after another.
 */

export type DocumentOptions = {
  /** The bundle: "webview" or "tensors". */
  readonly script: string;
  readonly language: string;
  readonly theme: ThemeVariables;
  /** What was saved before a reload. */
  readonly state: unknown;
  readonly width: number;
  readonly height: number;
  readonly reducedMotion?: boolean;
  /** The view has posted a message. */
  posted(message: unknown): Promise<void>;
  /** The view has saved its state. */
  saved(state: unknown): void;
};

/** A built bundle's document under the real policy, with what VS Code gives it. */
export interface OpenDocument {
  readonly page: Page;
  readonly faults: PageFaults;
  /** Goes to the document; the view may post from then on. */
  load(): Promise<void>;
  /** Resolves when the view has taken the message. */
  send(message: unknown): Promise<void>;
  /** Waits until what the view has asked to be drawn is drawn. */
  drawn(): Promise<void>;
  setTheme(theme: ThemeVariables): Promise<void>;
  /** Gives the page back for others; after a failure, `spoilt`, it may be in any state and is thrown away. */
  close(spoilt?: boolean): Promise<void>;
}

type Handlers = { readonly id: number; readonly posted: (packed: string) => void; readonly saved: (packed: string) => void };
type Sheet = { readonly page: Page; readonly faults: PageFaults; handlers?: Handlers };

const dist = path.join(root, "dist");
let shared: Promise<{ readonly browser: Browser; readonly origin: string }> | undefined;
const free: Sheet[] = [];
let documents = 0;

/** Serves the panel's documents as VS Code would: with the policy of the extension's own panels. */
async function serve(): Promise<string> {
  const contents = new Map(["webview.js", "tensors.js", "webview.css"].map((name) => [`/${name}`, readFileSync(path.join(dist, name))]));
  const server = createServer(({ url = "/" }, response) => {
    const { pathname, searchParams, origin } = new URL(url, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const content = contents.get(pathname);
    if (content) {
      const type = pathname.endsWith(".js") ? "text/javascript" : "text/css";
      response.writeHead(200, { "content-type": type, "cache-control": "public, max-age=86400, immutable" }).end(content);
    } else if (pathname === "/") {
      const [script, lang] = ["script", "lang"].map((name) => searchParams.get(name) ?? "");
      const html = panelHtml({ scriptUri: `${origin}/${script}.js`, styleUri: `${origin}/webview.css`, cspSource: origin, nonce: "bm9uY2U", lang });
      response.writeHead(200, { "content-type": "text/html" }).end(html);
    } else if (pathname === "/blank") {
      response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><title>blank</title>");
    } else response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(): Promise<{ readonly browser: Browser; readonly origin: string }> {
  const [browser, origin] = await Promise.all([chromium.connect(inject("browser")), serve()]);
  return { browser, origin };
}

async function takePage(browser: Browser): Promise<Sheet> {
  const found = free.pop();
  if (found) return found;
  // In a context and so in a window of its own: of the pages of one window only that in front is drawn without delay.
  const context = await browser.newContext({ deviceScaleFactor: 1 });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const sheet: Sheet = { page, faults: watchFaults(page) };
  await page.exposeFunction("lumenPost", (id: number, packed: string) => {
    if (sheet.handlers?.id === id) sheet.handlers.posted(packed);
  });
  await page.exposeFunction("lumenState", (id: number, packed: string) => {
    if (sheet.handlers?.id === id) sheet.handlers.saved(packed);
  });
  return sheet;
}

/** Takes a page for a document. */
export async function layDocument(options: DocumentOptions): Promise<OpenDocument> {
  const { browser, origin } = await (shared ??= start());
  const sheet = await takePage(browser);
  const { page, faults } = sheet;
  // What the last one's document has said can be read until now.
  faults.errors.length = faults.refused.length = 0;
  const id = ++documents;
  let closed = false;
  sheet.handlers = {
    id,
    posted: (packed) => {
      options.posted(unpack(packed)).catch((error: unknown) => {
        if (!closed) faults.errors.push(String(error));
      });
    },
    saved: (packed) => options.saved(unpack(packed)),
  };
  await page.setViewportSize({ width: options.width, height: options.height });
  await page.emulateMedia({ reducedMotion: options.reducedMotion ? "reduce" : "no-preference" });

  // A run that ends after its panel must not speak to the next one.
  const open = (): void => {
    if (closed) throw new Error("The document is closed.");
  };
  const drawn = async (): Promise<void> => {
    open();
    await page.evaluate(() => (window as unknown as { lumenDrawn(): Promise<void> }).lumenDrawn());
  };
  return {
    page, faults, drawn,
    async load() {
      const state = options.state === undefined ? null : pack(options.state);
      const api = await page.addInitScript(installFakeApi, { id, theme: options.theme, state });
      await page.goto(`${origin}/?script=${options.script}&lang=${options.language}`);
      await api.dispose();
    },
    async send(message) {
      open();
      await page.evaluate((packed) => (window as unknown as { lumenReceive(packed: string): Promise<void> }).lumenReceive(packed), pack(message));
    },
    async setTheme(theme) {
      await page.evaluate((next) => (window as unknown as { lumenTheme(theme: ThemeVariables): void }).lumenTheme(next), theme);
      await drawn();
    },
    async close(spoilt = false) {
      if (closed) return;
      closed = true;
      sheet.handlers = undefined;
      if (spoilt) return page.context().close();
      // The next reader's pointer is not over the panel yet.
      await page.mouse.move(-1, -1);
      await page.goto(`${origin}/blank`);
      free.push(sheet);
    },
  };
}
