import { msg, type Message } from "../../core/contract/index.js";
import { h, linkButton, setAttributes, svg } from "../marks/dom.js";
import type { SignScale } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { editedPlaces, withEdit, type StepsModel } from "./stepsModel.js";

export type QueryScene = { readonly model: StepsModel; readonly scale: SignScale; readonly width: number; readonly edit: string; readonly scaled: boolean };
export type QueryEditor = { readonly element: HTMLElement; readonly picture: SVGSVGElement; draw(scene: QueryScene): void };

const TALL = 84;
const WIDEST = 22;
/** Part of a limit that an arrow key moves a number by. */
const STEP = 1 / 20;

/** The query's numbers as bars, which may be dragged up and down; a box for the exact one. */
export function createQueryEditor(host: ViewHost, change: (edit: string) => void, reset: () => void): QueryEditor {
  const t = (message: Message): string => host.t(message);
  const bars = svg("svg", { class: "steps-query-bars", role: "slider", tabindex: "0" });
  const place = h("span", { class: "mono" });
  const box = h("input", { class: "small-input", type: "text", inputmode: "decimal", "aria-label": t(msg("Number of the query")) });
  const undo = linkButton(t(msg("Reset the query")), reset);
  const own = h("span", { class: "quiet small" });
  const element = h("div", { class: "steps-query" }, bars, h("p", { class: "steps-query-line" }, place, box, own, undo));
  let scene: QueryScene | undefined;
  let chosen = 0;
  let dragging = false;
  /** Edits that wait for their run, so that a drag goes on from its own last one. */
  let pending: { readonly model: StepsModel; readonly edit: string } | undefined;

  const limit = (): number => (scene ? scene.scale.limit : 1);
  const editNow = (): string => (pending && scene ? pending.edit : (scene?.edit ?? ""));
  function set(value: number): void {
    if (!scene || !Number.isFinite(value)) return;
    const edit = withEdit(editNow(), chosen, value);
    pending = { model: scene.model, edit };
    change(edit);
  }
  const at = (event: PointerEvent): { readonly place: number; readonly value: number } => {
    const rect = bars.getBoundingClientRect();
    const size = scene?.model.part.size ?? 1;
    const index = Math.max(0, Math.min(size - 1, Math.floor(((event.clientX - rect.left) / Math.max(1, rect.width)) * size)));
    const value = -((event.clientY - rect.top) / TALL - 0.5) * 2 * limit();
    return { place: index, value: Math.max(-limit(), Math.min(limit(), value)) };
  };
  bars.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    bars.setPointerCapture(event.pointerId);
    chosen = at(event).place;
    host.redraw();
  });
  bars.addEventListener("pointermove", (event) => {
    if (dragging && event.buttons === 1) set(at(event).value);
  });
  const drop = (): void => {
    dragging = false;
  };
  bars.addEventListener("pointerup", drop);
  bars.addEventListener("pointercancel", drop);
  bars.addEventListener("keydown", (event) => {
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const { part } = scene.model;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by !== undefined) chosen = Math.max(0, Math.min(part.size - 1, chosen + by));
    else if (up !== undefined) set(part.query[chosen] + up * STEP * limit());
    else if (event.key === "Delete" || event.key === "Backspace") change(withEdit(editNow(), chosen, null));
    else return;
    event.preventDefault();
    event.stopPropagation();
    host.redraw();
  });
  box.addEventListener("change", () => {
    const value = Number(box.value.trim().replace("\u2212", "-").replace(",", "."));
    const wrong = box.value.trim() === "" || !Number.isFinite(value);
    setAttributes(box, { "aria-invalid": wrong ? "true" : null });
    if (!wrong) set(value);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") box.dispatchEvent(new Event("change"));
    event.stopPropagation();
  });

  return {
    element,
    picture: bars,
    draw(next) {
      if (scene?.model !== next.model) pending = undefined;
      scene = next;
      const { model: { part }, scale, width, edit, scaled } = next;
      chosen = Math.min(chosen, Math.max(0, part.size - 1));
      const cell = Math.min(WIDEST, width / Math.max(1, part.size));
      const total = cell * part.size;
      const palette = host.palette();
      const y = (value: number): number => TALL / 2 - (Math.max(-1, Math.min(1, value / scale.limit)) * TALL) / 2;
      const gap = cell >= 5 ? 1 : 0;
      const edited = editedPlaces(edit);
      setAttributes(bars, {
        width: total, height: TALL, "aria-label": t(msg("Query: number {0} of {1}", chosen + 1, part.size)),
        "aria-valuenow": part.query[chosen], "aria-valuetext": fixed(part.query[chosen], 3), "aria-valuemin": -scale.limit, "aria-valuemax": scale.limit,
      });
      const marks: SVGElement[] = [svg("rect", { x: 0, y: 0, width: total, height: TALL, fill: "transparent", "data-export": "none" })];
      for (let i = 0; i < part.size; i++) {
        const value = part.query[i];
        const [from, to] = [Math.min(y(0), y(value)), Math.max(y(0), y(value))];
        marks.push(svg("rect", { x: i * cell + gap / 2, y: from, width: Math.max(0.5, cell - gap), height: Math.max(0.5, to - from), fill: scale.colour(value), stroke: palette.axis, "stroke-width": cell >= 5 ? 0.5 : 0 }));
        if (value !== part.ownQuery[i]) marks.push(svg("line", { class: "steps-ghost", x1: i * cell, x2: (i + 1) * cell, y1: y(part.ownQuery[i]), y2: y(part.ownQuery[i]), stroke: palette.ink, "stroke-dasharray": "2 1.5" }));
        if (edited.has(i)) marks.push(svg("circle", { cx: (i + 0.5) * cell, cy: TALL - 3, r: 2, fill: palette.ink }));
      }
      marks.push(svg("line", { x1: 0, x2: total, y1: y(0), y2: y(0), stroke: palette.axis }));
      marks.push(svg("rect", { x: chosen * cell, y: 0.5, width: cell, height: TALL - 1, fill: "none", stroke: palette.focus, "stroke-width": 1.5 }));
      bars.replaceChildren(...marks);
      place.textContent = `q[${chosen}] =`;
      const shown = fixed(part.query[chosen], 4);
      if (document.activeElement !== box && box.value !== shown) box.value = shown;
      own.textContent = part.query[chosen] === part.ownQuery[chosen] ? "" : t(msg("the model’s own: {0}", fixed(part.ownQuery[chosen], 4)));
      undo.hidden = edit === "" && !scaled;
    },
  };
}
