import { playerOf } from "./controls/player.js";
import { isTyping } from "./shellKeys.js";
import { closeMenu } from "./shellMenu.js";
import type { Mounted, ViewHost } from "./view.js";

export type KeyTargets = {
  mounted(): Mounted<unknown> | undefined;
  openExports(): void;
  openKeys(): void;
  closeReasons(): boolean;
  /** Runs the view's code; false when it threw. */
  guarded(work: () => boolean): boolean;
};

/** One listener for all keys: the shell's own, then the view's, then the player's. */
export function watchKeys(host: ViewHost, targets: KeyTargets): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (use(event)) event.preventDefault();
  });

  function use(event: KeyboardEvent): boolean {
    if (event.key === "Escape" && (closeMenu() || targets.closeReasons())) return true;
    // Inside the form keys belong to its controls: arrows move a slider there, not the step.
    if (event.target instanceof Element && event.target.closest(".form")) return false;
    if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === "?") return ran(targets.openKeys);
      if (event.key === "e") return ran(targets.openExports);
    }
    const mounted = targets.mounted();
    if (mounted?.key && targets.guarded(() => mounted.key?.(event) ?? false)) return true;
    if (playerOf(host)?.key(event)) return true;
    const pane = event.ctrlKey || event.metaKey || event.altKey ? undefined : { t: "table", f: "formula" }[event.key];
    return pane !== undefined && mounted?.action !== undefined && targets.guarded(() => mounted.action?.(pane) ?? false);
  }
}

function ran(work: () => void): boolean {
  work();
  return true;
}
