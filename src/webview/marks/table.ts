import { h } from "./dom.js";

export type TableColumn = { readonly title: string; /** Right-aligned figures. */ readonly numeric?: boolean; /** Secondary: left out under `narrow` px. */ readonly secondary?: boolean };
/** `title` holds the full precision; `head` makes it the row's header. */
export type TableCell = string | { readonly text: string; readonly title?: string; readonly className?: string; readonly node?: Node };
export type TableRow = { readonly cells: readonly TableCell[]; readonly className?: string; readonly key?: string };
export type TableContent = {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Width to lay out for; under 380 px secondary columns go. */
  readonly width?: number;
};

/**
 * Draws a chart's twin, a real table, into `root`: header that sticks, first cell of each row a header, full precision
 * in the cells' titles. Keeps its elements between draws, so that focus and scrolling stay.
 */
export function drawTable(root: HTMLElement, content: TableContent): HTMLTableElement {
  const narrow = (content.width ?? Infinity) < 380;
  const shown = content.columns.map((_, i) => i).filter((i) => !(narrow && content.columns[i].secondary));
  let table = root.querySelector<HTMLTableElement>(":scope > table.twin");
  if (!table) {
    table = h("table", { class: "twin" }, h("caption", { class: "unseen" }), h("thead", {}, h("tr")), h("tbody"));
    root.append(table);
  }
  setText(table.caption as HTMLElement, content.caption);
  const head = (table.tHead as HTMLTableSectionElement).rows[0];
  fit(head, shown.length, () => h("th", { scope: "col" }));
  shown.forEach((i, at) => {
    const cell = head.cells[at];
    setText(cell, content.columns[i].title);
    cell.className = content.columns[i].numeric ? "figure" : "";
  });
  const body = table.tBodies[0];
  fit(body, content.rows.length, () => h("tr"));
  content.rows.forEach((row, r) => {
    const line = body.rows[r];
    line.className = row.className ?? "";
    if (row.key !== undefined) line.dataset.key = row.key;
    fit(line, shown.length, (at) => (at === 0 ? h("th", { scope: "row" }) : h("td")));
    shown.forEach((i, at) => drawCell(line.cells[at], row.cells[i] ?? "", content.columns[i].numeric === true));
  });
  return table;
}

function drawCell(element: HTMLElement, cell: TableCell, numeric: boolean): void {
  const { text, title, className, node } = typeof cell === "string" ? { text: cell, title: undefined, className: undefined, node: undefined } : cell;
  if (node) element.replaceChildren(node);
  else setText(element, text);
  element.className = [numeric ? "figure" : "", className ?? ""].filter(Boolean).join(" ");
  if (title === undefined) element.removeAttribute("title");
  else if (element.title !== title) element.title = title;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function fit(parent: Element, count: number, make: (index: number) => Element): void {
  while (parent.children.length > count) parent.lastElementChild?.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
}
