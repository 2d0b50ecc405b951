import { createDendrogram, type Tree, type TreeScene } from "./dendrogram.js";

/** What pointing at the tree does. */
export type TreeTargets = {
  tree(): Tree | undefined;
  /** The merge that is pointed at. */
  branch(): number | null;
  point(merge: number | null, byKey: boolean): void;
  choose(merge: number): void;
};

/** The dendrogram with its pointer and keys: ← and → go down and up the tree, ↑ and ↓ to one of its two branches. */
export function createHeatmapTree(targets: TreeTargets): { readonly element: SVGSVGElement; draw(scene: TreeScene): void } {
  const { element, draw, at } = createDendrogram();
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "img");
  element.addEventListener("pointermove", (event) => {
    const box = element.getBoundingClientRect();
    targets.point(at(event.clientX - box.left, event.clientY - box.top), false);
  });
  element.addEventListener("pointerleave", () => targets.point(null, false));
  element.addEventListener("click", () => {
    const branch = targets.branch();
    if (branch !== null) targets.choose(branch);
  });
  element.addEventListener("blur", () => targets.point(null, false));
  element.addEventListener("keydown", (event) => {
    const tree = targets.tree();
    const branch = targets.branch();
    if (!tree || tree.merges === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      if (branch === null) return;
      targets.choose(branch);
    } else {
      const to = walk(tree, branch, event.key);
      if (to === undefined) return;
      targets.point(to, true);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, draw };
}

/** The merge that a key leads to; null for none, undefined for other keys. */
function walk(tree: Tree, at: number | null, key: string): number | null | undefined {
  const { n, merges, part, middle } = tree;
  if (key === "Escape") return at === null ? undefined : null;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key)) return undefined;
  if (at === null) return merges - 1;
  if (key === "ArrowRight") return tree.parentOf(n + at) ?? at;
  const children = [part.left[at], part.right[at]].sort((a, b) => middle[a] - middle[b]);
  const to = key === "ArrowUp" ? children[0] : key === "ArrowDown" ? children[1] : children.find((child) => child >= n);
  return to !== undefined && to >= n ? to - n : at;
}
