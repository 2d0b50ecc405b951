/**
 * While it loads, the toolkit asks the browser whether it knows :focus-visible, by way of an inline style element in
 * the head. The panel's policy refuses such elements, so this answers in their place; `focusVisibleEnd` must be
 * imported right after the toolkit. Chromium has known :focus-visible since version 86.
 */
const { head } = document;

head.appendChild = <N extends Node>(node: N): N => {
  if (!(node instanceof HTMLStyleElement)) return Node.prototype.appendChild.call(head, node) as N;
  Object.defineProperty(node, "sheet", { value: { insertRule: () => 0 } });
  return node;
};

head.removeChild = <N extends Node>(node: N): N => {
  return node.parentNode === head ? (Node.prototype.removeChild.call(head, node) as N) : node;
};

export {};
