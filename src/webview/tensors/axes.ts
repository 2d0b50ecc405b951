import { msg, type Message } from "../../core/contract/index.js";
import type { Plane } from "../../core/formats/tensors.js";
import type { TensorInfo } from "../../core/protocol.js";
import { readTyped } from "../controls/scale.js";
import { dropdown, textField } from "../controls/toolkit.js";
import { h, linkButton } from "../marks/dom.js";
import { compact } from "../text/number.js";
import { withAxis } from "./places.js";

export interface Axes {
  readonly element: HTMLElement;
  draw(tensor: TensorInfo, plane: Plane): void;
}

/** Which two axes of an array are seen, and where the others stand. */
export function createAxes(t: (message: Message) => string, change: (plane: Plane) => void): Axes {
  const element = h("div", { class: "tensor-axes" });
  let key = "";
  let plane: Plane | undefined;
  let settle: ((plane: Plane) => void)[] = [];

  // What is chosen next builds on it, even before it is drawn.
  const pass = (next: Plane): void => {
    plane = next;
    change(next);
  };

  function build({ shape }: TensorInfo): void {
    settle = [];
    element.replaceChildren();
    element.hidden = shape.length < 2;
    if (shape.length < 2) return;
    const options = shape.map((length, axis) => ({ value: String(axis), label: t(msg("axis {0} ({1})", axis, compact(length))) }));
    for (const [which, title] of [["rowAxis", t(msg("Rows"))], ["colAxis", t(msg("Columns"))]] as const) {
      const choice = dropdown({ label: title, options, value: String(plane![which]), change: (value) => plane && pass(withAxis(plane, which, Number(value))) });
      settle.push((now) => {
        if (choice.value !== String(now[which])) choice.value = String(now[which]);
      });
      element.append(h("label", { class: "axis-choice" }, h("span", { class: "quiet" }, title), choice));
    }
    element.append(linkButton(t(msg("Swap")), () => plane && pass({ ...plane, rowAxis: plane.colAxis, colAxis: plane.rowAxis })));
    for (let axis = 0; axis < shape.length && shape.length > 2; axis++) element.append(indexField(axis, shape[axis]));
  }

  function indexField(axis: number, length: number): HTMLElement {
    const name = t(msg("Index of axis {0}", axis));
    const put = (value: number): void => {
      if (!plane || !Number.isInteger(value) || value < 0 || value >= length || plane.index[axis] === value) return;
      pass({ ...plane, index: plane.index.map((each, k) => (k === axis ? value : each)) });
    };
    const slider = h("input", { type: "range", class: "track", min: 0, max: length - 1, step: 1, "aria-label": name });
    slider.addEventListener("input", () => put(Number(slider.value)));
    const field = textField(name, "", { input: (value) => put(readTyped(value)), enter: () => put(readTyped(field.value)) }, 6);
    const cell = h("div", { class: "axis-index" }, h("span", { class: "quiet" }, t(msg("axis {0} at", axis))), field, h("span", { class: "quiet" }, t(msg("of {0}", compact(length)))), slider);
    settle.push((now) => {
      cell.hidden = axis === now.rowAxis || axis === now.colAxis;
      const value = String(now.index[axis]);
      slider.value = value;
      slider.style.setProperty("--filled", `${(100 * now.index[axis]) / Math.max(1, length - 1)}%`);
      if (readTyped(field.value) !== now.index[axis]) field.value = value;
    });
    return cell;
  }

  return {
    element,
    draw(tensor, next) {
      plane = next;
      const now = `${tensor.name} ${tensor.shape.join()}`;
      if (now !== key) {
        key = now;
        build(tensor);
      }
      for (const each of settle) each(next);
    },
  };
}
