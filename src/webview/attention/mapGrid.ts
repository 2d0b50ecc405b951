import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { fixed } from "../text/number.js";
import { pictureOf, type Inks } from "./ink.js";
import { gridWindow, ROLE_FROM, type GridLayout } from "./mapLayout.js";
import { halved, type MapModel, type Plane, type RoleShare } from "./mapModel.js";

export type GridScene = {
  readonly model: MapModel;
  readonly inks: Inks;
  readonly layout: GridLayout;
  /** The chosen place, and what is made of it. */
  readonly layer: number;
  readonly head: number;
  readonly reduce: "head" | "heads" | "layers" | "rollout";
  /** The head under the pointer. */
  readonly hovered: number | null;
  readonly labels: { layer(n: number): string; head(n: number): string; bits(n: string): string; role(role: RoleShare["role"]): string };
  readonly description: string;
};

export type GridTargets = {
  hover(index: number | null): void;
  choose(layer: number, head: number): void;
};

export type Grid = { readonly element: HTMLElement; readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[]; draw(scene: GridScene): void };

/** Pictures of thumbnails that are kept when they are out of sight. */
const KEPT = 600;

/** All heads of all layers as thumbnails: those in sight are drawn, the others are scrolled to. One tab stop; arrows choose. */
export function createGrid(targets: GridTargets): Grid {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const over = svg("svg", { class: "map-grid-over", "aria-hidden": "true" });
  const stage = h("div", { class: "map-grid-stage" }, canvas, over);
  const space = h("div", { class: "map-grid-space" }, stage);
  const element = h("div", { class: "map-grid", role: "group", tabindex: "0" }, space);
  let scene: GridScene | undefined;
  let pictures = new Map<number, HTMLCanvasElement>();
  let madeOf: readonly unknown[] = [];
  let shownPlace = "";
  let drawn: readonly unknown[] = [];

  const indexAt = (event: MouseEvent): number | null => {
    if (!scene) return null;
    const box = stage.getBoundingClientRect();
    const { layout: { left, top, pitchX, pitchY, thumb }, model: { trace: { source } } } = scene;
    const [x, y] = [event.clientX - box.left + element.scrollLeft - left, event.clientY - box.top + element.scrollTop - top];
    const [head, layer] = [Math.floor(x / pitchX), Math.floor(y / pitchY)];
    if (x < 0 || y < 0 || head >= source.heads || layer >= source.layers || x - head * pitchX > thumb + 4) return null;
    return layer * source.heads + head;
  };
  element.addEventListener("scroll", () => paint());
  element.addEventListener("pointermove", (event) => targets.hover(indexAt(event)));
  element.addEventListener("pointerleave", () => targets.hover(null));
  element.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index !== null && scene) targets.choose(Math.floor(index / scene.model.trace.source.heads), index % scene.model.trace.source.heads);
  });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !scene) return;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    const { layers, heads } = scene.model.trace.source;
    targets.choose(Math.max(0, Math.min(layers - 1, scene.layer + by[0])), Math.max(0, Math.min(heads - 1, scene.head + by[1])));
    event.preventDefault();
    event.stopPropagation();
  });

  function pictureFor({ model: { part: { side, thumbnails } }, inks, layout: { thumb } }: GridScene, index: number): HTMLCanvasElement {
    let picture = pictures.get(index);
    if (!picture) {
      if (pictures.size > KEPT) pictures.clear();
      let plane: Plane = { rows: side, columns: side, values: thumbnails.subarray(index * side * side, (index + 1) * side * side) };
      // The strongest of a few cells, where there are more cells than dots: a mean would pale.
      while (plane.rows >= 1.5 * thumb * (window.devicePixelRatio || 1)) plane = halved(plane);
      const { values } = plane;
      picture = pictureOf(plane.columns, plane.rows, (i) => inks.colours[values[i]]);
      pictures.set(index, picture);
    }
    return picture;
  }

  function paint(): void {
    if (!scene) return;
    const { layout, model: { part, trace: { source } } } = scene;
    const [x, y] = [element.scrollLeft, element.scrollTop];
    const context = sizeCanvas(canvas, layout.width, layout.height);
    if (!context) return;
    const { layers, heads } = gridWindow(layout, x, y, source.layers, source.heads);
    // A thumbnail smaller than its picture is smoothed; a larger one shows its cells.
    context.imageSmoothingEnabled = layout.thumb * (window.devicePixelRatio || 1) < part.side;
    for (let layer = layers[0]; layer <= layers[1]; layer++) {
      for (let head = heads[0]; head <= heads[1]; head++) {
        context.drawImage(pictureFor(scene, layer * source.heads + head), layout.left + head * layout.pitchX - x, layout.top + layer * layout.pitchY - y, layout.thumb, layout.thumb);
      }
    }
    over.replaceChildren(...marksOf(scene, x, y, layers, heads));
  }

  return {
    element,
    parts: [canvas, over],
    draw(next) {
      const { layout, model, inks, layer, head } = next;
      // Hovering and zooming in the other figures leave the grid as it is.
      const asked = [model, inks, layer, head, next.reduce, next.hovered, next.description, JSON.stringify(layout)];
      if (asked.every((each, i) => each === drawn[i])) return;
      drawn = asked;
      const made = [model.part.thumbnails, inks, layout.thumb];
      if (made.some((each, i) => each !== madeOf[i])) pictures = new Map();
      madeOf = made;
      scene = next;
      element.style.width = `${layout.width + (layout.fullHeight > layout.height ? 12 : 0)}px`;
      element.style.height = `${layout.height + (layout.fullWidth > layout.width ? 12 : 0)}px`;
      space.style.width = `${layout.fullWidth}px`;
      space.style.height = `${layout.fullHeight}px`;
      stage.style.width = `${layout.width}px`;
      stage.style.height = `${layout.height}px`;
      setAttributes(over, { width: layout.width, height: layout.height });
      element.setAttribute("aria-label", next.description);
      const place = `${layer} ${head} ${layout.pitchX}`;
      if (place !== shownPlace) scrollTo(element, layout, layer, head);
      shownPlace = place;
      paint();
    },
  };
}

/** Scrolls just far enough to see the chosen head. */
function scrollTo(element: HTMLElement, { left, top, thumb, pitchX, pitchY, width, height }: GridLayout, layer: number, head: number): void {
  const near = (at: number, from: number, to: number, size: number, band: number): number => (from - band < at ? from - band : to > at + size ? to - size : at);
  const [x, y] = [left + head * pitchX, top + layer * pitchY];
  element.scrollLeft = Math.max(0, near(element.scrollLeft, x - 6, x + thumb + 8, width, left));
  element.scrollTop = Math.max(0, near(element.scrollTop, y - 6, y + pitchY, height, top));
}

/** Names, entropies, edges and the frame. Names stay in sight, on paper. */
function marksOf(scene: GridScene, x: number, y: number, layers: readonly [number, number], heads: readonly [number, number]): SVGElement[] {
  const { model, layout: { left, top, thumb, pitchX, pitchY, width, height }, inks: { palette }, labels, hovered } = scene;
  const { part, trace: { source } } = model;
  const long = thumb >= 56;
  const marks: SVGElement[] = [];
  const chosen = (layer: number, head: number): boolean => layer === scene.layer && head === scene.head;
  for (let layer = layers[0]; layer <= layers[1]; layer++) {
    for (let head = heads[0]; head <= heads[1]; head++) {
      const index = layer * source.heads + head;
      const [px, py] = [left + head * pitchX - x, top + layer * pitchY - y];
      const bits = fixed(part.entropy[index], 2);
      const on = scene.reduce === "head" && chosen(layer, head);
      const role = thumb >= ROLE_FROM ? model.role(index) : null;
      marks.push(
        svg("path", { d: edgeOf(source.causal, part.side, px, py, thumb), fill: "none", stroke: palette.axis, "stroke-width": 0.75 }),
        svg("text", { x: px, y: py + thumb + 13, class: on ? "strong-text" : "quiet-text" }, long ? labels.bits(bits) : bits),
      );
      if (role) marks.push(svg("text", { x: px, y: py + thumb + 26, class: "quiet-text" }, labels.role(role.role)));
      if (index === hovered && !on) marks.push(svg("rect", { x: px - 4, y: py - 4, width: thumb + 8, height: pitchY - 4, rx: 2, fill: "none", stroke: palette.axis }));
    }
  }
  marks.push(frameOf(scene, x, y));
  marks.push(svg("rect", { x: 0, y: 0, width, height: top - 5, fill: palette.paper }), svg("rect", { x: 0, y: 0, width: left - 5, height, fill: palette.paper }));
  for (let head = heads[0]; head <= heads[1]; head++) {
    const px = left + head * pitchX - x + thumb / 2;
    if (px < left) continue;
    marks.push(svg("text", { x: px, y: 10, "text-anchor": "middle", class: head === scene.head ? "strong-text" : "quiet-text" }, long ? labels.head(head + 1) : String(head + 1)));
  }
  for (let layer = layers[0]; layer <= layers[1]; layer++) {
    const py = top + layer * pitchY - y + thumb / 2;
    if (py < top) continue;
    const text = thumb >= 48 ? labels.layer(layer + 1) : String(layer + 1);
    marks.push(svg("text", { transform: `translate(11,${py}) rotate(-90)`, "text-anchor": "middle", class: layer === scene.layer ? "strong-text" : "quiet-text" }, text));
  }
  return marks;
}

/** The chosen head, or all those that the shown map is made of. */
function frameOf({ model: { trace: { source } }, layout: { left, top, thumb, pitchX, pitchY }, inks: { palette }, layer, head, reduce }: GridScene, x: number, y: number): SVGElement {
  const [fromLayer, toLayer] = reduce === "layers" ? [0, source.layers - 1] : reduce === "rollout" ? [0, layer] : [layer, layer];
  const [fromHead, toHead] = reduce === "head" ? [head, head] : [0, source.heads - 1];
  return svg("rect", {
    class: "map-chosen", x: left + fromHead * pitchX - x - 4, y: top + fromLayer * pitchY - y - 4,
    width: (toHead - fromHead) * pitchX + thumb + 8, height: (toLayer - fromLayer + 1) * pitchY - 4, rx: 2, fill: "none", stroke: palette.focus, "stroke-width": 2,
  });
}

/** The outline of what a mask leaves: a stair, a triangle where its steps would be too small, or the square. */
function edgeOf(causal: boolean, side: number, x: number, y: number, thumb: number): string {
  if (!causal) return `M${x} ${y}h${thumb}v${thumb}h${-thumb}Z`;
  const cell = thumb / side;
  const stair = cell >= 3 ? Array.from({ length: side }, (_, i) => `H${x + (i + 1) * cell}V${y + (i + 1) * cell}`).join("") : `L${x + thumb} ${y + thumb}`;
  return `M${x} ${y}${stair}H${x}Z`;
}
