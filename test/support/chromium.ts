import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { chromiumFlags } from "../../scripts/lib/codeServer.mjs";
import { ensureChromium } from "../../scripts/lib/install.mjs";
import { root } from "../../scripts/lib/paths.mjs";

/** Where pictures for a person to look at are written; git ignores it. */
export const outputFolder = path.join(root, "test", "output");

/** Starts the Chromium of this machine without a window; `flags` come on top of the ones every test needs. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = await ensureChromium();
  return chromium.launch({ executablePath, args: [...chromiumFlags, ...flags], handleSIGINT: false });
}

/** What went wrong in a page: errors in its console, uncaught exceptions, and what its security policy refused. */
export type PageFaults = { readonly errors: string[]; readonly refused: string[] };

/** Collects the faults of a page from now on. Of console messages only those that `ours` accepts count. */
export function watchFaults(page: Page, ours: (text: string, url: string) => boolean = () => true): PageFaults {
  const faults: PageFaults = { errors: [], refused: [] };
  const add = (text: string, url: string) => {
    if (!ours(text, url)) return;
    if (/content security policy/i.test(text)) faults.refused.push(text);
    else faults.errors.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text())) add(message.text(), message.location().url);
  });
  page.on("pageerror", (error) => add(error.stack ?? error.message, ""));
  return faults;
}

/** A new page with its faults collected. Sizes default to a common laptop's. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: PageFaults }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  return { page, faults: watchFaults(page) };
}

/** Whether pictures are wanted that nothing but a person's eyes needs: LUMEN_SHOTS=1. */
export const picturesWanted = process.env.LUMEN_SHOTS === "1";

/** Writes a picture of the page to test/output and returns its path. */
export async function takePicture(page: Page, name: string): Promise<string> {
  await mkdir(outputFolder, { recursive: true });
  const file = path.join(outputFolder, `${name}.png`);
  await page.screenshot({ path: file, animations: "disabled" });
  return file;
}
