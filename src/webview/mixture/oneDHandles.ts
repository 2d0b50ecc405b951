import { msg } from "../../core/contract/index.js";
import { setAttributes, svg } from "../marks/dom.js";
import { letter } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { bellOf, decimalsFor } from "./oneDModel.js";
import type { Scene } from "./oneDScene.js";
import type { Shared } from "./shared.js";
import { px, textWidth } from "./viewDom.js";

export type Handles = {
  readonly element: SVGGElement;
  readonly dragging: boolean;
  /** Whether a drag ended with this very click. */
  justDragged(): boolean;
  draw(scene: Scene): void;
  /** 1 … 8 choose a mean's handle while the figure has the focus. */
  key(event: KeyboardEvent, figure: SVGSVGElement): boolean;
};

/** The means ▲ under the axis with their trails from the start ○; dragged, or moved by arrow keys, they start a new fit. */
export function createHandles(host: ViewHost, shared: Shared): Handles {
  const element = svg("g");
  const trails = svg("g", { "aria-hidden": "true" });
  const ghost = svg("g", { "aria-hidden": "true", "data-export": "none" });
  element.append(trails, ghost);
  const markers: SVGGElement[] = [];
  let scene: Scene | undefined;
  let drag: { readonly k: number; value: number; readonly from: number; readonly byKey: boolean } | null = null;
  let dropped = false;

  const start = (k: number, byKey: boolean): void => {
    const { mean } = bellOf(shared.mixture, k);
    drag = { k, value: mean, from: mean, byKey };
  };
  const stop = (): void => {
    drag = null;
    host.redraw();
  };
  const run = (): void => {
    if (!drag) return;
    const { k, value } = drag;
    const { mixture } = shared;
    const rows = Array.from({ length: mixture.K }, (_, j) => [j === k ? value : mixture.means[j]]);
    host.announce(host.t(msg("{0} starts at {1}.", letter(k), written(value))));
    stop();
    host.run({ init_params: "given", means_init: rows, n_init: 1 });
  };
  const written = (v: number): string => fixed(v, decimalsFor(shared.trace.stats.std[0], 3));
  const move = (value: number): void => {
    if (!drag || !scene) return;
    const [low, high] = scene.X.domain();
    drag.value = Math.max(low, Math.min(high, value));
    drawGhost();
  };

  function marker(k: number): SVGGElement {
    const shape = svg("path", { "stroke-linejoin": "round" });
    const title = svg("title");
    const group = svg("g", { class: "mixture-mean", role: "slider", tabindex: -1, "data-mean": letter(k) }, title, svg("rect", { x: -11, y: -4, width: 22, height: 20, fill: "transparent", "data-export": "none" }), shape);
    group.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start(k, false);
      group.setPointerCapture(event.pointerId);
      event.preventDefault();
      group.focus();
    });
    group.addEventListener("pointermove", (event) => {
      if (!drag || drag.byKey || !scene) return;
      const box = (group.ownerSVGElement as SVGSVGElement).getBoundingClientRect();
      move(scene.X.invert(event.clientX - box.left));
    });
    group.addEventListener("pointerup", () => {
      if (!drag || drag.byKey || !scene) return;
      dropped = Math.abs(scene.X(drag.value) - scene.X(drag.from)) > 2;
      if (dropped) run();
      else stop();
    });
    group.addEventListener("pointercancel", stop);
    group.addEventListener("blur", () => {
      if (drag?.byKey) stop();
    });
    group.addEventListener("keydown", (event) => {
      if (!scene) return;
      const [low, high] = scene.X.domain();
      const unit = (high - low) / (event.shiftKey ? 20 : 200);
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        if (!drag) start(k, true);
        move((drag?.value ?? 0) + (event.key === "ArrowLeft" ? -unit : unit));
      } else if (event.key === "Enter" && drag) run();
      else if (event.key === "Escape" && drag) stop();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return group;
  }

  function drawGhost(): void {
    ghost.replaceChildren();
    if (!drag || !scene) return;
    const palette = host.palette();
    const { layout, X } = scene;
    const x = X(drag.value);
    const { color } = palette.component(drag.k);
    const text = host.t(drag.byKey ? msg("{0} at {1}: Enter fits from here", letter(drag.k), written(drag.value)) : msg("{0} at {1}: release to fit from here", letter(drag.k), written(drag.value)));
    const width = textWidth(text, 12, palette.font, true);
    ghost.append(
      svg("line", { x1: px(x), x2: px(x), y1: layout.top - 6, y2: layout.floor, stroke: color, "stroke-width": 1.5, "stroke-dasharray": "3 3" }),
      svg("path", { d: `M${px(x)} ${layout.floor + 1} l5 9 h-10z`, fill: palette.paper, stroke: color, "stroke-width": 1.5 }),
      svg("text", { x: px(Math.max(layout.left, Math.min(layout.right - width, x - width / 2))), y: layout.top - 12, class: "b t12 halo" }, text),
    );
    setAttributes(markers[drag.k], { "aria-valuenow": drag.value, "aria-valuetext": text });
  }

  return {
    element,
    get dragging() {
      return drag !== null;
    },
    justDragged() {
      const was = dropped;
      dropped = false;
      return was;
    },
    draw(next) {
      scene = next;
      const palette = host.palette();
      const { layout, X, mixture } = next;
      while (markers.length > mixture.K) markers.pop()?.remove();
      while (markers.length < mixture.K) {
        const made = marker(markers.length);
        markers.push(made);
        element.append(made);
      }
      const inside = (x: number): number => Math.max(layout.left, Math.min(layout.right, x));
      const y = layout.floor + 6;
      trails.replaceChildren(...markers.flatMap((_, k) => {
        const { color } = palette.component(k);
        const [a, b] = [inside(X(bellOf(shared.start, k).mean)), inside(X(mixture.means[k]))];
        return [
          svg("line", { x1: px(a), x2: px(b), y1: y, y2: y, stroke: color, "stroke-width": 1.5 }),
          svg("circle", { cx: px(a), cy: y, r: 2.2, fill: palette.paper, stroke: color }),
        ];
      }));
      markers.forEach((group, k) => {
        const value = mixture.means[k];
        const [low, high] = X.domain();
        setAttributes(group, {
          transform: `translate(${px(inside(X(value)))} ${layout.floor + 1})`, "aria-label": host.t(msg("Mean of {0}", letter(k))), "aria-orientation": "horizontal",
          "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": value, "aria-valuetext": written(value),
        });
        const [title, , shape] = group.children;
        const hint = host.t(msg("Drag to fit from another mean of {0}", letter(k)));
        if (title.textContent !== hint) title.textContent = hint;
        setAttributes(shape, { d: "M0 0l5 9h-10z", fill: palette.component(k).color });
      });
      drawGhost();
    },
    key(event, figure) {
      const k = Number(event.key) - 1;
      if (!(k >= 0 && k < markers.length && k < 8) || !figure.contains(document.activeElement)) return false;
      shared.holdComponent(k);
      markers[k].focus();
      host.announce(host.t(msg("Mean of {0}: arrow keys move it, Enter fits from there, Escape leaves it.", letter(k))));
      return true;
    },
  };
}
