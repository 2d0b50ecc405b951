import type { Spot } from "./heatmap.js";
import { shownCells, type Corner, type Extent } from "./viewport.js";

export type KeyActions = {
  spot(): Spot | null;
  shown(): { readonly extent: Extent; readonly corner: Corner } | undefined;
  go(spot: Spot): void;
  leave(): void;
  zoom(by: number): void;
  table(): void;
  jump(): void;
};

/** The keys of the figure, and those of the whole editor. */
export function editorKeys(figure: HTMLElement, on: KeyActions): void {
  figure.addEventListener("keydown", (event) => {
    const shown = on.shown();
    if (!shown || event.altKey) return;
    const spot = on.spot();
    const to = target(event, spot, shown.extent, shown.corner);
    if (to) on.go(to);
    else if (event.key === "Escape" && spot) on.leave();
    else if (!event.ctrlKey && !event.metaKey && (event.key === "+" || event.key === "=")) on.zoom(1);
    else if (!event.ctrlKey && !event.metaKey && (event.key === "-" || event.key === "−")) on.zoom(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    if (event.key === "t") on.table();
    else if (event.key === "g") on.jump();
    else return;
    event.preventDefault();
  });
}

function typing({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest("input, textarea, vscode-text-field, vscode-dropdown") !== null;
}

/** Where a key leads from the cursor; from the corner where there is none. */
function target(event: KeyboardEvent, spot: Spot | null, extent: Extent, corner: Corner): Spot | undefined {
  const page = shownCells(extent, corner.zoom);
  const command = event.ctrlKey || event.metaKey;
  const by = event.shiftKey ? 10 : 1;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-by, 0], ArrowDown: [by, 0], ArrowLeft: [0, -by], ArrowRight: [0, by],
    PageUp: [-page.rows, 0], PageDown: [page.rows, 0],
  };
  const from = spot ?? { row: corner.row, col: corner.col };
  if (event.key === "Home") return command ? { row: 0, col: 0 } : { ...from, col: 0 };
  if (event.key === "End") return command ? { row: extent.rows - 1, col: extent.cols - 1 } : { ...from, col: extent.cols - 1 };
  const move = moves[event.key];
  if (!move || (command && !event.key.startsWith("Page"))) return undefined;
  return spot || event.key.startsWith("Page") ? { row: from.row + move[0], col: from.col + move[1] } : from;
}
