import { existsSync } from "node:fs";
import path from "node:path";
import { chromium, type BrowserServer } from "playwright-core";
import type { TestProject } from "vitest/node";
import { chromiumFlags } from "../../scripts/lib/codeServer.mjs";
import { ensureChromium } from "../../scripts/lib/install.mjs";
import { root } from "../../scripts/lib/paths.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the browser of all view tests is reached. */
    readonly browser: string;
  }
}

let server: BrowserServer | undefined;

/** Starts one browser for all view tests. */
export async function setup({ provide }: TestProject): Promise<void> {
  for (const file of ["webview.js", "webview.css", "tensors.js", "worker.js", "calculation.js"]) {
    const built = path.join(root, "dist", file);
    if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first.`);
  }
  server = await chromium.launchServer({ executablePath: await ensureChromium(), args: chromiumFlags });
  provide("browser", server.wsEndpoint());
}

export async function teardown(): Promise<void> {
  await server?.close();
}
