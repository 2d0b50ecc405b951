import { h, setAttributes } from "../marks/dom.js";

/** A choice of one, drawn as buttons side by side: one tab stop, arrows choose. */
export function segmented<V extends string>(label: string, options: readonly { readonly value: V; readonly label: string }[], change: (value: V) => void): { readonly element: HTMLElement; show(value: V): void } {
  const buttons = options.map((option) => h("button", { type: "button", role: "radio", "data-value": option.value }, option.label));
  const element = h("div", { class: "segmented", role: "radiogroup", "aria-label": label }, ...buttons);
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => change(options[i].value));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (i + step + options.length) % options.length;
      buttons[next].focus();
      change(options[next].value);
    });
  });
  return {
    element,
    show(value) {
      options.forEach((option, i) => setAttributes(buttons[i], { "aria-checked": String(option.value === value), tabindex: option.value === value ? 0 : -1 }));
    },
  };
}
