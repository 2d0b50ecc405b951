import { checkValue, msg, type Message, type Param } from "../../core/contract/index.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { readTyped, sliderScale, typed } from "./scale.js";
import { checkbox, dropdown, textField } from "./toolkit.js";

/** A parameter's control. */
export interface Field {
  /** The label's cell and the control's cell of the form's grid. */
  readonly cells: readonly HTMLElement[];
  /** Shows a value that came from elsewhere; leaves a field alone that the reader is in the middle of. */
  show(value: unknown): void;
}

export type FieldEvents = {
  /** The value changed and fits. `now` when the reader pressed Enter or chose from a list. */
  change(value: unknown, now: boolean): void;
  /** The value does not fit, or does again. */
  invalid(problem: Message | undefined): void;
};

/** The control for one parameter; columns, computed columns and rows have their own editors. */
export function createField(host: ViewHost, name: string, param: Param, events: FieldEvents): Field {
  const label = h("span", { class: "field-label", id: `label-${name}` }, param.label);
  const problem = h("span", { class: "field-problem", role: "alert" });
  const control = h("div", { class: "field" });
  const cells = [label, h("div", { class: "field-cell" }, control, problem)];

  /** Checks, shows what is wrong, and passes on what is right. */
  const offer = (value: unknown, now: boolean): void => {
    const wrong = checkValue(param, value);
    problem.textContent = wrong ? host.t(wrong) : "";
    events.invalid(wrong);
    if (!wrong) events.change(value, now);
  };
  const settle = (): void => {
    problem.textContent = "";
    events.invalid(undefined);
  };

  switch (param.kind) {
    case "int":
    case "number": {
      const scale = sliderScale(param);
      const slider = scale && h("input", { type: "range", class: "track", min: 0, max: scale.size, step: 1, "aria-label": param.label });
      const text = textField(param.label, typed(param.default), {
        input: (value) => {
          const number = readTyped(value);
          if (slider && scale && !checkValue(param, number)) place(number);
          offer(number, false);
        },
        enter: () => offer(readTyped(text.value), true),
      });
      const place = (value: number): void => {
        if (!slider || !scale) return;
        slider.value = String(scale.position(value));
        setAttributes(slider, { "aria-valuetext": typed(value) });
        slider.style.setProperty("--filled", `${(100 * Number(slider.value)) / Math.max(1, scale.size)}%`);
      };
      slider?.addEventListener("input", () => {
        const value = (scale as NonNullable<typeof scale>).value(Number(slider.value));
        text.value = typed(value);
        place(value);
        offer(value, false);
      });
      if (slider) control.append(slider);
      control.append(text);
      let shown: unknown;
      return {
        cells,
        show(value) {
          if (typeof value !== "number" || Object.is(value, shown)) return;
          shown = value;
          if (text.contains(document.activeElement) && readTyped(text.value) === value) return;
          text.value = typed(value);
          place(value);
          settle();
        },
      };
    }
    case "choice": {
      const list = dropdown({
        label: param.label,
        options: param.options.map((option) => ({ value: option.value, label: host.t(option.label), title: option.help && host.t(option.help) })),
        value: param.default,
        change: (value) => offer(value, true),
      });
      control.append(list);
      return {
        cells,
        show(value) {
          if (typeof value === "string" && list.value !== value) list.value = value;
        },
      };
    }
    case "boolean": {
      const box = checkbox(param.label, param.default, (value) => offer(value, true));
      label.textContent = "";
      control.append(box);
      return {
        cells,
        show(value) {
          if (typeof value === "boolean") box.checked = value;
        },
      };
    }
    case "text": {
      const text = textField(param.label, param.default, {
        // What an input method is still composing is not yet text.
        input: (value) => (composing ? undefined : offer(value, false)),
        enter: () => (composing ? undefined : offer(text.value, true)),
      });
      let composing = false;
      text.setAttribute("maxlength", String(param.maxLength));
      text.addEventListener("compositionstart", () => (composing = true));
      text.addEventListener("compositionend", () => {
        composing = false;
        offer(text.value, false);
      });
      control.append(text);
      return {
        cells,
        show(value) {
          if (typeof value !== "string" || text.value === value || composing || text.contains(document.activeElement)) return;
          text.value = value;
          settle();
        },
      };
    }
    case "rows": {
      const text = h("span", { class: "small" });
      const clear = linkButton(host.t(msg("Clear")), () => offer([], true));
      control.append(text, " ", clear);
      return {
        cells,
        show(value) {
          const count = Array.isArray(value) ? value.length : 0;
          for (const cell of cells) cell.hidden = count === 0;
          text.textContent = host.t(count === 1 ? msg("1 row, placed in the picture") : msg("{0} rows, placed in the picture", count));
        },
      };
    }
    default:
      return { cells: [], show: () => undefined };
  }
}
