/** Arrow keys inside a figure that is one tab stop: the cursor walks over `size()` marks. */
export type Roving = {
  size(): number;
  /** The mark under the cursor, or null. */
  index(): number | null;
  /** Puts the cursor on a mark; null when it leaves. The keyboard's cursor is the same thing as hover. */
  move(index: number | null): void;
  /** Enter: hold or reveal. */
  enter?(index: number): void;
  /** Marks in a row of a grid; ↑ and ↓ then move by rows. Without it ↑ and ↓ move by one. */
  columns?(): number;
  /** Leave ← and → to the player. */
  readonly vertical?: boolean;
};

/** Makes `element` one tab stop with a roving cursor. Returns a function that takes the listeners away. */
export function roving(element: HTMLElement | SVGElement, options: Roving): () => void {
  element.setAttribute("tabindex", "0");
  const onKey = (event: Event): void => {
    const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    if (ctrlKey || metaKey || altKey || event.defaultPrevented) return;
    const size = options.size();
    const at = options.index();
    const row = options.columns?.() ?? 1;
    const step = { ArrowUp: -row, ArrowDown: row, ...(options.vertical ? {} : { ArrowLeft: -1, ArrowRight: 1 }) }[key as "ArrowUp"];
    if (step !== undefined && size > 0) {
      options.move(at === null ? (step > 0 ? 0 : size - 1) : Math.max(0, Math.min(size - 1, at + step)));
    } else if (key === "Enter" && at !== null && options.enter) options.enter(at);
    else if (key === "Escape" && at !== null) options.move(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = (): void => {
    if (options.index() !== null) options.move(null);
  };
  element.addEventListener("keydown", onKey);
  element.addEventListener("blur", onBlur);
  return () => {
    element.removeEventListener("keydown", onKey);
    element.removeEventListener("blur", onBlur);
  };
}
