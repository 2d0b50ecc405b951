import { msg } from "../../core/contract/index.js";
import type { ExportFile, ViewHost } from "../view.js";
import { svg } from "./dom.js";
import type { Palette } from "./palette.js";

export type Part = SVGSVGElement | HTMLCanvasElement;

/** Properties that a file needs spelt out, since it travels without the style sheet. [name, initial value, inherited] */
const properties: readonly (readonly [string, string, boolean])[] = [
  ["fill", "rgb(0, 0, 0)", true],
  ["fill-opacity", "1", true],
  ["stroke", "none", true],
  ["stroke-width", "1px", true],
  ["stroke-opacity", "1", true],
  ["stroke-dasharray", "none", true],
  ["stroke-linecap", "butt", true],
  ["stroke-linejoin", "miter", true],
  ["paint-order", "normal", true],
  ["font-family", "", true],
  ["font-size", "", true],
  ["font-weight", "400", true],
  ["font-style", "normal", true],
  ["font-variant-numeric", "normal", true],
  ["text-anchor", "start", true],
  ["dominant-baseline", "auto", true],
  ["opacity", "1", false],
  ["mix-blend-mode", "normal", false],
];

/** The shown picture as files of both kinds; `name` without an ending, `parts` as they are when a file is asked for. */
export function pictureFiles(host: Pick<ViewHost, "palette">, name: string, title: string, parts: () => readonly Part[]): ExportFile[] {
  return [
    { label: msg("Picture (SVG)"), name: `${name}.svg`, data: () => svgText(parts(), host.palette(), title) },
    { label: msg("Picture (PNG)"), name: `${name}.png`, data: () => pngBytes(parts(), host.palette(), title) },
  ];
}

/**
 * One standalone SVG of the parts as they stand on the screen, on paper: colours and fonts resolved, canvases as
 * pictures. Elements marked `data-export="none"` (hit areas, cursors) stay out.
 */
function svgText(parts: readonly Part[], palette: Palette, title: string): string {
  const { text } = compose(parts, palette, title);
  return text;
}

/** The same picture as a PNG at `scale` pixels a CSS pixel. Throws when the browser can not draw it. */
async function pngBytes(parts: readonly Part[], palette: Palette, title: string, scale = 2): Promise<Uint8Array> {
  const { text, width, height } = compose(parts, palette, title);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no 2D canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("no PNG encoder");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

function compose(parts: readonly Part[], palette: Palette, title: string): { text: string; width: number; height: number } {
  const margin = 16;
  const shown = parts.map((part) => ({ part, box: inkBox(part) })).filter(({ box }) => box.width > 0 && box.height > 0);
  const headings = headingsOf(shown);
  const boxes: readonly Box[] = [...shown, ...headings].map(({ box }) => box);
  const left = Math.min(...boxes.map((box) => box.left));
  const up = upBy(boxes);
  const top = Math.min(...boxes.map((box) => box.top));
  const width = Math.ceil(Math.max(0, ...boxes.map((box) => box.right - left)) + 2 * margin);
  const height = Math.ceil(Math.max(0, ...boxes.map((box) => box.bottom - up(box.top) - top)) + 2 * margin);
  const file = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  file.append(svg("title", {}, title), svg("rect", { width, height, fill: palette.paper }));
  for (const { heading, box } of headings) {
    const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(heading);
    const place = { x: box.left - left + margin, y: box.bottom - up(box.top) - top + margin - 4 };
    file.append(svg("text", { ...place, fill: color, "font-family": fontFamily, "font-size": fontSize, "font-weight": fontWeight }, heading.textContent.trim()));
  }
  shown.forEach(({ part, box: { top: inkTop } }, i) => {
    const box = part.getBoundingClientRect();
    const [x, y] = [box.left - left + margin, box.top - up(inkTop) - top + margin];
    if (part instanceof HTMLCanvasElement) {
      file.append(svg("image", { x, y, width: box.width, height: box.height, href: part.toDataURL("image/png") }));
    } else {
      const copy = part.cloneNode(true) as SVGSVGElement;
      resolveStyles(part, copy, null);
      renameIds(copy, `p${i}-`);
      for (const [name, value] of Object.entries({ x, y, width: box.width, height: box.height, overflow: "visible" })) copy.setAttribute(name, String(value));
      for (const name of ["class", "role", "tabindex", "aria-label", "aria-describedby", "style"]) copy.removeAttribute(name);
      file.append(copy);
    }
  });
  const text = new XMLSerializer().serializeToString(file);
  return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`, width, height };
}

type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** The heading that stands over a figure on the screen, placed right above it: what lies between stays out of the file. */
function headingsOf(shown: readonly { readonly part: Part; readonly box: Box }[]): { readonly heading: HTMLElement; readonly box: Box }[] {
  const taken = new Set<HTMLElement>();
  return shown.flatMap(({ part, box }) => {
    const panel = part.closest("[role=tabpanel]");
    const before = Array.from(panel?.querySelectorAll("h2") ?? []).filter((each) => each.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING && each.offsetHeight > 0);
    // It is the figure's where it opens the box that the figure is in.
    const heading = before.filter(({ parentElement }) => parentElement?.contains(part)).at(-1);
    if (!heading || heading !== before.at(-1) || taken.has(heading) || heading.textContent.trim() === "") return [];
    taken.add(heading);
    const words = document.createRange();
    words.selectNodeContents(heading);
    const { width, height } = words.getBoundingClientRect();
    return [{ heading, box: { left: box.left, right: box.left + width, top: box.top - height - 6, bottom: box.top - 6 } }];
  });
}

/** Blank space between figures that is kept, CSS pixels. */
const GAP = 24;

/** How far what begins at a height moves up, where what stood between the figures on the screen has left a blank. */
function upBy(boxes: readonly Box[]): (top: number) => number {
  const sorted = [...boxes].sort((a, b) => a.top - b.top);
  const gaps: { readonly below: number; readonly by: number }[] = [];
  let bottom = sorted[0]?.bottom ?? 0;
  for (const box of sorted) {
    if (box.top - bottom > GAP) gaps.push({ below: box.top, by: box.top - bottom - GAP });
    bottom = Math.max(bottom, box.bottom);
  }
  return (top) => gaps.reduce((sum, { below, by }) => (top >= below ? sum + by : sum), 0);
}

/** The part's box grown by marks that reach over its edge, as direct labels may. */
function inkBox(part: Part): Box & { width: number; height: number } {
  const box = part.getBoundingClientRect();
  let { left, top, right, bottom } = box;
  if (!(part instanceof HTMLCanvasElement) && box.width > 0) {
    for (const text of part.querySelectorAll("text")) {
      const ink = text.getBoundingClientRect();
      if (ink.width === 0) continue;
      [left, top] = [Math.min(left, ink.left), Math.min(top, ink.top)];
      [right, bottom] = [Math.max(right, ink.right), Math.max(bottom, ink.bottom)];
    }
  }
  return { left, top, right, bottom, width: right - left, height: bottom - top };
}

function resolveStyles(from: Element, to: Element, parent: CSSStyleDeclaration | null): void {
  const style = getComputedStyle(from);
  for (const [name, initial, inherited] of properties) {
    const value = style.getPropertyValue(name);
    const given = inherited && parent ? parent.getPropertyValue(name) : initial;
    if (value === given) to.removeAttribute(name);
    else if (value !== "") to.setAttribute(name, value);
  }
  const originals = Array.from(from.children);
  const copies = Array.from(to.children);
  originals.forEach((child, i) => {
    const hidden = child.getAttribute("data-export") === "none" || (getComputedStyle(child).display === "none" && !/^(defs|clippath|title|lineargradient|mask)$/i.test(child.tagName));
    if (hidden) copies[i].remove();
    else {
      resolveStyles(child, copies[i], style);
      for (const name of ["class", "style", "tabindex"]) copies[i].removeAttribute(name);
    }
  });
}

/** Two parts may use the same id for different things. */
function renameIds(root: SVGSVGElement, prefix: string): void {
  const ids = new Set(Array.from(root.querySelectorAll("[id]"), (element) => element.id));
  if (ids.size === 0) return;
  for (const element of root.querySelectorAll("*")) {
    for (const { name, value } of Array.from(element.attributes)) {
      if (name === "id") element.setAttribute(name, prefix + value);
      else if (name === "href" && ids.has(value.slice(1))) element.setAttribute(name, `#${prefix}${value.slice(1)}`);
      else if (value.includes("url(")) element.setAttribute(name, value.replace(/url\(["']?#([^)"']+)["']?\)/g, (all, id: string) => (ids.has(id) ? `url(#${prefix}${id})` : all)));
    }
  }
}
