/** Small makers of elements. Styles are set through CSSOM only, since the panel's CSP blocks style strings. */

export type Attributes = { readonly [name: string]: string | number | boolean | null | undefined };
type Child = Node | string | null | undefined | false;

/** An HTML element. `true` sets an empty attribute; `false`, null and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]): HTMLElementTagNameMap[K];
export function h(tag: string, attributes?: Attributes, ...children: Child[]): HTMLElement;
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A text-only button that looks like a link. */
export function linkButton(text: string, run: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const button = h("button", { type: "button", class: "link", ...attributes }, text);
  button.addEventListener("click", run);
  return button;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}
