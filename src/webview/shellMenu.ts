import { h } from "./marks/dom.js";

export type Item = { readonly label: string; readonly hint?: string; readonly checked?: boolean; run(): void } | "line";

let close: (() => void) | undefined;

/** Closes the open menu; true when there was one. */
export function closeMenu(): boolean {
  const wasOpen = close !== undefined;
  close?.();
  return wasOpen;
}

/** Opens a menu under a button. Arrows walk, Enter chooses, Esc and a click elsewhere close and give the focus back. */
export function openMenu(anchor: HTMLElement, label: string, items: readonly Item[]): void {
  const reopened = anchor.getAttribute("aria-expanded") === "true";
  closeMenu();
  if (reopened || items.length === 0) return;
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  for (const item of items) {
    if (item === "line") {
      menu.append(h("div", { class: "menu-line", role: "separator" }));
      continue;
    }
    const checkable = item.checked !== undefined;
    const entry = h(
      "button",
      { type: "button", role: checkable ? "menuitemcheckbox" : "menuitem", tabindex: -1, "aria-checked": checkable ? String(item.checked) : undefined },
      h("span", { class: "menu-check", "aria-hidden": "true" }, item.checked ? "✓" : ""),
      h("span", { class: "menu-label" }, item.label),
      item.hint ? h("span", { class: "menu-hint", "aria-hidden": "true" }, item.hint) : null,
    );
    entry.addEventListener("click", () => {
      closeMenu();
      item.run();
    });
    // The pointer takes the focus along, so that one entry is marked; one that the menu opens under stays as it is until it moves.
    entry.addEventListener("pointermove", () => entry.focus({ preventScroll: true }));
    menu.append(entry);
  }
  const entries = Array.from(menu.querySelectorAll("button"));
  menu.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    const targets: { [key: string]: number } = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") closeMenu();
    else if (event.key in targets) entries[(targets[event.key] + entries.length) % entries.length].focus();
    else return;
    event.preventDefault();
  });
  const onPointer = (event: Event): void => {
    if (!menu.contains(event.target as Node) && !anchor.contains(event.target as Node)) closeMenu();
  };
  close = () => {
    close = undefined;
    document.removeEventListener("pointerdown", onPointer, true);
    window.removeEventListener("blur", closeMenu);
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (hadFocus) anchor.focus();
  };
  document.addEventListener("pointerdown", onPointer, true);
  window.addEventListener("blur", closeMenu);
  anchor.setAttribute("aria-expanded", "true");
  document.body.append(menu);
  const box = anchor.getBoundingClientRect();
  menu.style.left = "0"; // as wide as it wants to be, before it is measured
  menu.style.top = `${box.bottom + 4 + window.scrollY}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - menu.offsetWidth - 8))}px`;
  menu.style.maxHeight = `${Math.max(120, window.innerHeight - box.bottom - 16)}px`;
  entries[0].focus();
}
