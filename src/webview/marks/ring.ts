import { svg } from "./dom.js";
import type { Palette } from "./palette.js";

/** A single pulse, ring 8 → 14 px in 400 ms; with reduced motion a ring that just shows and goes. */
export function pulse(g: SVGGElement, palette: Palette, x: number, y: number, reducedMotion: boolean): void {
  const ring = svg("circle", { class: "pulse", cx: x, cy: y, r: reducedMotion ? 10 : 8, fill: "none", stroke: palette.ink, "stroke-width": 2, "pointer-events": "none" });
  g.append(ring);
  const frames = reducedMotion ? [{ opacity: 1 }, { opacity: 1 }] : [{ r: "8px", opacity: 1 }, { r: "14px", opacity: 0 }];
  ring.animate(frames, { duration: reducedMotion ? 1200 : 400, easing: "ease-out" }).addEventListener("finish", () => ring.remove());
}
