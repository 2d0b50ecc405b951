import { msg, type Message } from "../core/contract/index.js";
import { playerOf } from "./controls/player.js";
import type { Item } from "./shellMenu.js";
import type { Mounted, ViewHost } from "./view.js";

/** The view with the trace it shows, where there is one. */
export type Drawn = { readonly mounted: Mounted<unknown>; readonly trace: unknown; readonly step: number };

/** What the shell itself can do when a command asks for it. */
export type ShellCommands = { openExports(): void; openKeys(): void; notice(text: string): void };

export interface Actions {
  copies(): Item[];
  exports(): Item[];
  more(all: boolean): Item[];
  /** A command of the palette or the title bar; true when it was used. */
  run(name: string): boolean;
}

/** Copy, export and the rest: menu entries and commands over the shown trace. */
export function createActions(host: ViewHost, drawn: () => Drawn | undefined, shell: ShellCommands): Actions {
  const t = (message: Message): string => host.t(message);

  function copies(): Item[] {
    const now = drawn();
    if (!now) return [];
    return now.mounted.copies(now.trace, now.step).map((copy) => ({
      label: t(copy.label),
      run: () => guarded(() => host.post({ type: "copy", text: copy.text() })),
    }));
  }

  function exports(): Item[] {
    const now = drawn();
    if (!now) return [];
    return now.mounted.exports(now.trace, now.step).map((file) => ({
      label: t(file.label),
      hint: file.name.slice(file.name.lastIndexOf(".")),
      run: () => guarded(async () => host.post({ type: "save", name: file.name, data: await file.data() })),
    }));
  }

  function insert(): void {
    const now = drawn();
    const text = now?.mounted.insert?.(now.trace, now.step);
    if (text) host.post({ type: "insert", ...text });
  }

  /** Shows what went wrong instead of doing nothing. */
  function guarded(work: () => void | Promise<void>): void {
    Promise.resolve().then(work).catch((error: unknown) => {
      const { message, stack } = asError(error);
      shell.notice(t(msg("That did not work: {0}", message)));
      host.post({ type: "error", message, stack });
    });
  }

  function more(all: boolean): Item[] {
    const now = drawn();
    const own: Item[] = [];
    if (now) {
      if (now.mounted.action) {
        own.push({ label: t(msg("Table")), hint: "t", run: () => void now.mounted.action?.("table") });
        own.push({ label: t(msg("Formula")), hint: "f", run: () => void now.mounted.action?.("formula") });
      }
      for (const entry of now.mounted.menu?.(now.trace, now.step) ?? []) {
        own.push({ label: t(entry.label), hint: entry.key, checked: entry.checked, run: () => entry.run() });
      }
    }
    const files: Item[] = all ? [...copies(), ...exports()] : [];
    if (now?.mounted.insert) files.push({ label: t(msg("Insert parameters into the editor")), run: insert });
    const last: Item[] = [{ label: t(msg("Keyboard")), hint: "?", run: () => shell.openKeys() }];
    return [own, files, last].filter((group) => group.length > 0).flatMap((group, i) => (i > 0 ? ["line" as const, ...group] : group));
  }

  function run(name: string): boolean {
    const now = drawn();
    if (now?.mounted.action?.(name)) return true;
    if (playerOf(host)?.action(name)) return true;
    switch (name) {
      case "export":
        shell.openExports();
        return true;
      case "copyPython": {
        const [first] = copies();
        if (first && first !== "line") first.run();
        return first !== undefined;
      }
      case "insertParameters":
        insert();
        return true;
      case "keys":
        shell.openKeys();
        return true;
      default:
        return false;
    }
  }

  return { copies, exports, more, run };
}

/** The message and stack of whatever was thrown. */
export function asError(error: unknown): { readonly message: string; readonly stack: string } {
  return error instanceof Error ? { message: error.message, stack: error.stack ?? "" } : { message: String(error), stack: "" };
}
