import type { Layout } from "./scatterAxes.js";

/** A canvas behind the scenes with the size of a layout at the screen's density; its ratio of device to CSS pixels. */
export function backCanvas(of: HTMLCanvasElement, { width, height }: Layout): { back: HTMLCanvasElement; ratio: number } {
  const back = of.ownerDocument.createElement("canvas");
  const ratio = of.ownerDocument.defaultView?.devicePixelRatio ?? 1;
  back.width = Math.round(width * ratio);
  back.height = Math.round(height * ratio);
  return { back, ratio };
}

/** Replaces what a canvas shows by a finished picture of a layout. `data-shown` counts the pictures. */
export function show(canvas: HTMLCanvasElement, finished: HTMLCanvasElement, layout: Layout): void {
  canvas.width = finished.width;
  canvas.height = finished.height;
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${layout.height}px`;
  canvas.getContext("2d")?.drawImage(finished, 0, 0);
  canvas.dataset.shown = String(Number(canvas.dataset.shown ?? 0) + 1);
}

/** Runs over `count` items, one slice at once and one more each animation frame, then `end`. */
export function inSlices(count: number, size: number, work: (from: number, to: number) => void, end: () => void): { stop(): void } {
  let at = 0;
  let request = 0;
  const step = () => {
    const to = Math.min(count, at + size);
    work(at, to);
    at = to;
    if (at < count) request = requestAnimationFrame(step);
    else end();
  };
  step();
  return { stop: () => cancelAnimationFrame(request) };
}
