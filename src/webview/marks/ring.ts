import { svg } from "./dom.js";
import type { Palette } from "./palette.js";

/**
 * Shows where the reader is inside a plot: an ink ring around a mark, since accents look like components. `g` is the
 * layer to draw into; null takes the ring away. Idempotent.
 */
export function drawRing(g: SVGGElement, palette: Palette, at: { readonly x: number; readonly y: number; readonly r: number } | null): void {
  let ring = g.querySelector<SVGCircleElement>("circle.ring");
  if (!at) return ring?.remove();
  if (!ring) g.append((ring = svg("circle", { class: "ring", fill: "none", "stroke-width": 2, "pointer-events": "none" })));
  ring.setAttribute("cx", String(at.x));
  ring.setAttribute("cy", String(at.y));
  ring.setAttribute("r", String(at.r));
  ring.setAttribute("stroke", palette.ink);
}

/** A single pulse, ring 8 → 14 px in 400 ms; with reduced motion a ring that just shows and goes. */
export function pulse(g: SVGGElement, palette: Palette, x: number, y: number, reducedMotion: boolean): void {
  const ring = svg("circle", { class: "pulse", cx: x, cy: y, r: reducedMotion ? 10 : 8, fill: "none", stroke: palette.ink, "stroke-width": 2, "pointer-events": "none" });
  g.append(ring);
  const frames = reducedMotion ? [{ opacity: 1 }, { opacity: 1 }] : [{ r: "8px", opacity: 1 }, { r: "14px", opacity: 0 }];
  ring.animate(frames, { duration: reducedMotion ? 1200 : 400, easing: "ease-out" }).addEventListener("finish", () => ring.remove());
}
