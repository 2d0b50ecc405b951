import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { startCodeServer } from "../../scripts/lib/codeServer.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { launchChromium, picturesWanted, takePicture, watchFaults, type PageFaults } from "../support/chromium.js";
import { until } from "../support/until.js";
import { EditorDriver } from "./editorDriver.js";

const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  "hc-dark": "Default High Contrast",
  "hc-light": "Default High Contrast Light",
} as const;
export type Theme = keyof typeof themes;

export type WorkbenchOptions = {
  readonly theme?: Theme;
  /** User settings. */
  readonly settings?: Record<string, unknown>;
  /** The workspace; a copy of it is opened, so that a test may edit. Default: samples/. */
  readonly folder?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Prefix of the names of pictures. */
  readonly name?: string;
};

/** The packaged extension; `npm run package` (and `npm test`) writes it. */
const vsix = path.join(root, "lumen.vsix");

/** Starts VS Code with the packaged Lumen installed, and waits until it can be used. One serves a whole test file. */
export async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  if (!existsSync(vsix)) throw new Error("lumen.vsix is missing: run `npm run package` first.");
  const home = await mkdtemp(path.join(os.tmpdir(), "lumen-workbench-"));
  const folder = path.join(home, "folder");
  await cp(options.folder ?? path.join(root, "samples"), folder, { recursive: true });
  const server = await startCodeServer({
    home: path.join(home, "server"),
    folder,
    vsix,
    settings: { "workbench.colorTheme": themes[options.theme ?? "dark"], "window.autoDetectColorScheme": false, ...options.settings },
    idle: true,
  });
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { ...(options.viewport ?? { width: 1400, height: 900 }) } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const faults = watchFaults(page, (_text, url) => /lumen/i.test(url));
    const workbench = new Workbench(page, folder, server.url, server.pid, faults, options.name ?? "workbench", stop);
    await workbench.open().catch(async (error: unknown) => {
      await workbench.picture("not-opened");
      throw error;
    });
    return workbench;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A running VS Code, driven as a person would: by its menus, its palette and its keyboard. */
export class Workbench extends EditorDriver {
  constructor(
    page: Page,
    folder: string,
    private readonly url: string,
    /** The server's process group: the extension host and Lumen's worker live in it. */
    readonly serverPid: number,
    /** Errors that the console shows for files of Lumen; a test ends by expecting none. */
    readonly faults: PageFaults,
    private readonly name: string,
    readonly stop: () => Promise<void>,
  ) {
    super(page, folder);
  }

  /** Opens the workbench and waits until it can be used. */
  async open(): Promise<void> {
    await this.page.goto(this.url, { waitUntil: "domcontentloaded" });
    await this.ready();
  }

  /** Reloads the window by VS Code's own command, which keeps what a navigation would lose. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("domcontentloaded");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.editor").waitFor({ timeout: 120_000 });
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 120_000 });
    // The extension's commands are listed once its manifest has been read; this one needs no open editor.
    await this.findCommand("Lumen: Show the Samples", 120_000);
    await this.page.keyboard.press("Escape");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Runs a command of the palette by its whole title ("Lumen: Fit GMM to Selection"). */
  async runCommand(title: string): Promise<void> {
    const row = await this.findCommand(title, 60_000);
    await row.click();
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Right-clicks the selected text (or the caret) and walks down the menu. */
  async rightClick(...labels: string[]): Promise<void> {
    // A line above the text that comes meanwhile moves it from under the pointer: then there is another menu, or none.
    await until("the menu of the selection", async () => {
      // In the text it would take the selection back.
      if (await this.page.locator(".monaco-menu").first().isVisible()) await this.page.keyboard.press("Escape");
      const before = await this.selectionPoint();
      await this.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
      const [x, y] = await this.selectionPoint();
      if (x !== before[0] || y !== before[1]) return false;
      await this.page.mouse.click(x, y, { button: "right" });
      await this.menuItem(labels[0]).waitFor({ timeout: 5_000 });
      return true;
    });
    await this.walkMenu(labels);
  }

  /** Right-clicks something else, such as a row of the Explorer, and walks down the menu. */
  async contextMenu(target: Locator, ...labels: string[]): Promise<void> {
    await target.click({ button: "right" });
    await this.walkMenu(labels);
  }

  private async walkMenu(labels: readonly string[]): Promise<void> {
    for (const [i, label] of labels.entries()) {
      const item = this.menuItem(label);
      await item.waitFor();
      if (i < labels.length - 1) {
        await item.hover();
        // A submenu opens after a pause of VS Code's own; the arrow key opens it at once where the pointer did not.
        await until(`submenu "${label}"`, async () => {
          if (await this.menuItem(labels[i + 1]).isVisible()) return true;
          await item.click({ timeout: 2_000 });
          return false;
        });
      } else {
        // A menu takes no click in its first moments.
        await until(`"${label}" chosen`, async () => {
          await item.click({ timeout: 2_000 }).catch(() => undefined);
          await item.waitFor({ state: "hidden", timeout: 500 });
          return true;
        });
      }
    }
  }

  /** The labels of the open context menu, separators left out. */
  async menuLabels(): Promise<string[]> {
    return this.page.locator(".monaco-menu .action-item .action-label:not(.separator)").allInnerTexts();
  }

  /** The document inside Lumen's panel (the `nth` visible webview, from 0). */
  panelFrame(nth = 0): FrameLocator {
    return this.page.locator("iframe.webview.ready:visible").nth(nth).contentFrame().frameLocator("#active-frame");
  }

  /** Texts of the notifications that are up. */
  async notifications(): Promise<string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** Titles of the open editors and panels. */
  async tabs(): Promise<string[]> {
    return this.page.locator(".tabs-container .tab .monaco-icon-label-container").allTextContents();
  }

  /** Makes a tab the active one. */
  async activateTab(title: string): Promise<void> {
    await this.tab(title).click();
    await this.page.locator(".tabs-container .tab.active").filter({ hasText: title }).first().waitFor();
  }

  /** Closes a tab; its changes are thrown away. */
  async closeTab(title: string): Promise<void> {
    const tab = this.tab(title);
    await tab.click({ button: "middle" });
    const discard = this.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" });
    await until(`tab ${title} closed`, async () => {
      if (await discard.isVisible()) await discard.click({ timeout: 2_000 });
      return (await tab.count()) === 0;
    });
  }

  /** Writes test/output/NAME-….png for a person to look at. */
  async picture(name: string): Promise<string> {
    return takePicture(this.page, `${this.name}-${name}`);
  }

  /** The same where LUMEN_SHOTS=1 asks for it. */
  async screenshot(name: string): Promise<void> {
    if (picturesWanted) await this.picture(name);
  }

  private tab(title: string): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: title }).first();
  }

  private menuItem(label: string): Locator {
    return this.page.locator(".monaco-menu .action-item .action-label").filter({ hasText: new RegExp(`^\\s*${escapeRegExp(label)}\\s*$`) }).last();
  }
}

const escapeRegExp = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
