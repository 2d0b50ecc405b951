import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { until } from "../support/until.js";

/** A selection as VS Code's status bar counts: lines and columns from 1, the end behind the last selected character. */
export type EditorRange = {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
};

/** Milliseconds that one try may take of what is tried again. */
const tryTime = 5_000;

/** Drives VS Code's text editor and quick input in a page. */
export class EditorDriver {
  constructor(
    readonly page: Page,
    /** The opened workspace folder. */
    readonly folder: string,
  ) {}

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget");
  }

  /** The active text editor. */
  get editor(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance .monaco-editor").first();
  }

  /** Opens a file of the workspace in a text editor and puts the caret into it. */
  async openFile(name: string): Promise<void> {
    await this.quickPick(path.join(this.folder, name));
    const tab = this.page.locator(".tabs-container .tab.active").filter({ hasText: path.basename(name) });
    await tab.first().waitFor();
    await this.editor.locator(".view-lines").waitFor();
    await this.focusEditor();
  }

  /** Gives the active text editor the keyboard, without moving its caret. */
  async focusEditor(): Promise<void> {
    await until("the editor has the focus", async () => {
      if (await this.page.locator(".monaco-editor.focused").first().isVisible()) return true;
      await this.page.keyboard.press("Control+1");
      return false;
    });
  }

  /** Selects a range, or everything. The editor scrolls to the end of it. */
  async select(range: EditorRange | "all"): Promise<void> {
    await this.focusEditor();
    if (range === "all") {
      await this.page.keyboard.press("Control+a");
    } else {
      await this.goTo(range.startLine, range.startColumn);
      await this.page.keyboard.press("Control+k");
      await this.page.keyboard.press("Control+b"); // Set Selection Anchor
      await this.goTo(range.endLine, range.endColumn);
      await this.page.keyboard.press("Control+k");
      await this.page.keyboard.press("Control+k"); // Select from Anchor to Cursor
    }
    await this.page.locator(".statusbar-item", { hasText: /\d+ selected\)/ }).waitFor();
  }

  /** Moves the caret. */
  async goTo(line: number, column: number): Promise<void> {
    await this.focusEditor();
    // No Escape before another try: it would take the selection's anchor away.
    await until(`line ${line}, column ${column}`, async () => {
      if (!(await this.quickInput.isVisible())) await this.page.keyboard.press("Control+g");
      await this.fillQuickInput(`:${line}:${column}`);
      await this.page.keyboard.press("Enter");
      await this.quickInput.waitFor({ state: "hidden", timeout: tryTime });
      return true;
    });
    await this.page.locator(".statusbar-item", { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  }

  /** Types text at the caret, or over the selection. */
  async type(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.insertText(text);
  }

  /** The status bar's words on the selection, e.g. "Ln 3, Col 1 (24 selected)". */
  async selectionStatus(): Promise<string> {
    return this.page.locator(".statusbar-item", { hasText: /^Ln \d+/ }).innerText();
  }

  /** Finds a command of the palette, trying until the extension host has listed it; the palette stays open. */
  protected async findCommand(title: string, limit: number): Promise<Locator> {
    const row = this.quickInput.locator(".monaco-list-row").filter({ has: this.page.locator(`.label-name`, { hasText: title }) }).first();
    await until(
      `command "${title}"`,
      async () => {
        // Opened anew at every try: an open palette does not list commands that have come since.
        await this.page.keyboard.press("Escape");
        await this.page.keyboard.press("F1");
        await this.fillQuickInput(`>${title}`);
        await row.waitFor({ timeout: 3_000 });
        return true;
      },
      limit,
    );
    return row;
  }

  /** A point on the selected text, in the page; where nothing is selected, at the caret. */
  protected async selectionPoint(): Promise<[x: number, y: number]> {
    // All boxes at one moment: the editor makes its marks anew while it draws.
    const boxesOf = (selector: string) =>
      this.editor.locator(selector).evaluateAll((marks) => marks.map((mark) => (mark as HTMLElement).getBoundingClientRect().toJSON() as DOMRect));
    return until("a point on the selection", async () => {
      const frame = await this.editor.boundingBox();
      if (!frame) return undefined;
      const marks = await boxesOf(".view-overlays .selected-text");
      const boxes = marks.length > 0 ? marks : await boxesOf(".cursors-layer .cursor");
      const visible = boxes.filter((box) => box.top >= frame.y && box.bottom <= frame.y + frame.height);
      // The middle of a mark is on text: only its ends are rounded or stand past the end of a line.
      const box = visible.find((each) => each.width >= 8) ?? visible[0];
      return box && [box.x + box.width / 3, box.y + box.height / 2];
    });
  }

  /** Opens the quick input by its key, fills it in and takes its first answer. */
  private async quickPick(text: string): Promise<void> {
    await until(`quick open ${text}`, async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Control+p");
      await this.fillQuickInput(text);
      const row = this.quickInput.locator(".monaco-list-row").filter({ hasText: path.basename(text) }).first();
      await row.click({ timeout: tryTime });
      await this.quickInput.waitFor({ state: "hidden", timeout: tryTime });
      return true;
    });
  }

  /** Something else that takes the keyboard closes a quick input that has just opened, so that whoever fills it in tries again. */
  private async fillQuickInput(text: string): Promise<void> {
    await this.quickInput.waitFor({ timeout: tryTime });
    await this.quickInput.locator("input").first().fill(text, { timeout: tryTime });
  }
}
