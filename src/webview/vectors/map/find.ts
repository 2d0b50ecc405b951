import { msg } from "../../../core/contract/index.js";
import { h, linkButton } from "../../marks/dom.js";
import type { ViewHost } from "../../view.js";
import { shortName } from "./names.js";

const MOST = 6;

/** Finds points by name: the name itself first, then names that begin so, then those that hold it. */
export function findNames(names: readonly string[], text: string, most = MOST): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const ranks: number[][] = [[], [], [], []];
  for (let i = 0; i < names.length; i++) {
    if (names[i] === text.trim()) ranks[0].push(i);
    else {
      const name = names[i].toLowerCase();
      if (name === wanted) ranks[1].push(i);
      else if (name.startsWith(wanted)) ranks[2].push(i);
      else if (ranks[3].length < most && name.includes(wanted)) ranks[3].push(i);
    }
  }
  return ranks.flat().slice(0, most);
}

/** A line to find a point by name. */
export function createFind(host: ViewHost, names: () => readonly string[], go: (point: number) => void): { readonly element: HTMLElement; readonly input: HTMLInputElement; draw(): void } {
  const input = h("input", { type: "text", class: "query-input map-find-input", spellcheck: "false", autocomplete: "off", "aria-label": host.t(msg("Find a point")), placeholder: host.t(msg("Find a point")) });
  const found = h("span", { class: "map-found small", "aria-live": "polite" });
  const element = h("div", { class: "map-find" }, input, found);
  let shown: readonly unknown[] = [];

  function draw(): void {
    const now = [input.value, names()];
    if (now.every((value, i) => value === shown[i])) return;
    shown = now;
    const points = findNames(names(), input.value);
    if (points.length === 0) found.textContent = input.value.trim() === "" ? "" : host.t(msg("No point is called so."));
    else found.replaceChildren(...points.flatMap((point) => [linkButton(shortName(names()[point]), () => go(point), { "data-point": point }), " "]));
  }

  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    if (event.key === "Escape") input.value = "";
    else {
      const [point] = findNames(names(), input.value);
      if (point !== undefined) go(point);
    }
    draw();
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, input, draw };
}
