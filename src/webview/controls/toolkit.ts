import "./focusVisibleBegin.js";
import {
  provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeTextField,
  type Button, type Checkbox, type Dropdown, type TextField,
} from "@vscode/webview-ui-toolkit";
import "./focusVisibleEnd.js";
import { h } from "../marks/dom.js";

let registered = false;

/** Defines the toolkit's elements, once. */
function register(): void {
  if (registered) return;
  registered = true;
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());
}

/** A button in VS Code's look. */
export function button(label: string, run: () => void, primary = false): HTMLElement {
  register();
  const element = h("vscode-button", { appearance: primary ? "primary" : "secondary" }, label) as Button;
  element.addEventListener("click", run);
  return element;
}

export type DropdownOptions = {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly title?: string }[];
  readonly value: string;
  readonly above?: boolean;
  change(value: string): void;
};

/** A choice of one; `label` is its accessible name. */
export function dropdown({ label, options, value, above, change }: DropdownOptions): HTMLElement & { value: string } {
  register();
  const element = h("vscode-dropdown", { "aria-label": label, position: above ? "above" : undefined }) as Dropdown;
  for (const option of options) {
    element.append(h("vscode-option", { value: option.value, selected: option.value === value, title: option.title }, option.label));
  }
  element.addEventListener("change", () => change(element.value));
  return element;
}

/** A line of text. `input` fires with every keystroke, `enter` on Enter. */
export function textField(label: string, value: string, on: { input(value: string): void; enter(): void }, size?: number): TextField {
  register();
  // The toolkit names the field by its text, which the style sheet keeps out of sight.
  const element = h("vscode-text-field", { value, size, spellcheck: "false" }, label) as TextField;
  element.addEventListener("input", () => on.input(element.value));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") on.enter();
  });
  return element;
}

export function checkbox(label: string, checked: boolean, change: (checked: boolean) => void): Checkbox {
  register();
  const element = h("vscode-checkbox", {}, label) as Checkbox;
  element.checked = checked;
  element.addEventListener("change", () => change(element.checked));
  return element;
}
