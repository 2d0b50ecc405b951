import type { Role } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { segmented } from "../controls/segmented.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { fixed } from "../text/number.js";
import { ROLES, type InsideModel } from "./insideModel.js";
import type { Shared } from "./tab.js";

const top = 34;
const left = 26;
const numbersFrom = 25;

export type Where = "here" | "random";

/** Heads by what they do: a grid of layers and heads for each role. */
export function createRoles(shared: Shared): { readonly element: HTMLElement; readonly pictures: readonly SVGSVGElement[]; readonly where: Where; draw(model: InsideModel, palette: Palette, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const choice = segmented<Where>(t(msg("Measured on")), [{ value: "random", label: t(msg("random tokens, twice")) }, { value: "here", label: t(msg("this text")) }], (where) => host.setUi("rolesWhere", where));
  const figure = svg("svg", { class: "inside-roles", role: "img", tabindex: 0 });
  const said = h("p", { class: "small layers-said" });
  const note = h("p", { class: "small quiet inside-note" });
  const element = h("section", {}, h("h2", {}, t(msg("What heads do")), " ", h("span", {}, t(msg("share of their attention; framed where a head is named by it")))), choice.element, figure, said, note);
  let model: InsideModel | undefined;
  let cursor: readonly [role: number, layer: number, head: number] | null = null;

  const point = (to: typeof cursor, spoken: boolean): void => {
    cursor = to;
    said.textContent = to && model ? t(readout(model, to)) : "";
    if (spoken && to) host.announce(said.textContent);
    host.redraw();
  };
  figure.addEventListener("pointermove", (event) => {
    const cell = (event.target as Element).closest<SVGElement>("[data-role]");
    const to = cell ? ([Number(cell.dataset.role), Number(cell.dataset.layer), Number(cell.dataset.head)] as const) : null;
    if (JSON.stringify(to) !== JSON.stringify(cursor)) point(to, false);
  });
  figure.addEventListener("pointerleave", () => point(null, false));
  figure.addEventListener("blur", () => point(null, false));
  figure.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by || !model || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [role, layer, head] = cursor ?? [0, 0, -by[1]];
    // From a role's last head on to the next role's first.
    const column = Math.max(0, Math.min(ROLES.length * model.heads - 1, role * model.heads + head + by[1]));
    point([Math.floor(column / model.heads), Math.max(0, Math.min(model.layers - 1, layer + by[0])), column % model.heads], true);
  });

  const where = (): Where => (model?.part.roles.random ? host.ui<Where>("rolesWhere", "random") : "here");
  return {
    element,
    pictures: [figure],
    get where() {
      return where();
    },
    draw(next, palette, width) {
      model = next;
      choice.element.hidden = !model.part.roles.random;
      choice.show(where());
      const { layers, heads } = model;
      const across = Math.max(1, Math.min(ROLES.length, Math.floor((width + 16) / 140)));
      const each = Math.min(220, (width - 16 * (across - 1)) / across);
      const cell = Math.max(3, Math.min(38, (each - left) / heads));
      const height = top + layers * Math.min(cell, 30) + 12;
      const rows = Math.ceil(ROLES.length / across);
      setAttributes(figure, { width, height: rows * height, "aria-label": t(msg("Scores of {0} heads for {1} roles. Arrows walk over them.", layers * heads, ROLES.length)) });
      figure.replaceChildren(...ROLES.flatMap((role, i) => drawRole(role, i, palette, (i % across) * (each + 16), Math.floor(i / across) * height, cell)));
      note.textContent = t(noteText(model));
    },
  };

  function drawRole(role: Role, index: number, palette: Palette, x: number, y: number, cell: number): SVGElement[] {
    const m = model!;
    const { scores } = m.roles(where());
    const tall = Math.min(cell, 30);
    const every = Math.max(1, Math.ceil(13 / tall));
    const nodes: SVGElement[] = [
      svg("text", { x, y: y + 12, class: "strong-text" }, t(roleName(role))),
      ...Array.from({ length: m.heads }, (_, head) => head).filter((head) => head % Math.max(1, Math.ceil(18 / cell)) === 0).map((head) => svg("text", { x: x + left + (head + 0.5) * cell, y: y + 28, "text-anchor": "middle", class: "quiet-text" }, String(head + 1))),
    ];
    for (let layer = 0; layer < m.layers; layer++) {
      const at = y + top + layer * tall;
      if (layer % every === 0) nodes.push(svg("text", { x: x + left - 5, y: at + tall / 2 + 4, "text-anchor": "end", class: "quiet-text" }, String(layer + 1)));
      for (let head = 0; head < m.heads; head++) {
        const score = m.score(scores, role, layer, head);
        const fill = Number.isNaN(score) ? palette.paper : palette.strength(score);
        const data = { "data-role": index, "data-layer": layer, "data-head": head };
        const own = m.named(where(), layer, head) === role;
        const under = cursor?.[0] === index && cursor[1] === layer && cursor[2] === head;
        const inset = cell >= 12 ? 0.5 : 0;
        nodes.push(svg("rect", { ...data, x: x + left + head * cell + inset, y: at + inset, width: cell - 2 * inset, height: tall - 2 * inset, fill, stroke: own || under ? palette.ink : cell >= 12 ? palette.grid : "none", "stroke-width": own || under ? 2 : 0.6 }));
        if (cell < numbersFrom) continue;
        const number = svg("text", { ...data, x: x + left + (head + 0.5) * cell, y: at + tall / 2 + 4, "text-anchor": "middle" }, Number.isNaN(score) ? "\u2013" : fixed(score, 2).replace(/^0\./, "."));
        number.style.fill = palette.inkOn(fill);
        nodes.push(number);
      }
    }
    return nodes;
  }

  function readout(m: InsideModel, [index, layer, head]: readonly [number, number, number]): Message {
    const seen = m.roles(where());
    const role = ROLES[index];
    return msg("Layer {0}, head {1}, {2}: {3}; a head that attends evenly has {4}.", layer + 1, head + 1, roleName(role), fixed(m.score(seen.scores, role, layer, head), 3), fixed(seen.even[role], 3));
  }
}

/** What a head of the role looks at. */
export function roleName(role: Role): Message {
  switch (role) {
    case "previous":
      return msg("token before");
    case "first":
      return msg("first token");
    case "self":
      return msg("token itself");
    case "same":
      return msg("equal tokens");
    case "induction":
      return msg("induction");
  }
}

function noteText({ part: { roles } }: InsideModel): Message {
  const rule = msg("A head is named by its largest score from {0} on, where that is also twice what an even head has. Induction: weight on the token behind an earlier equal one.", fixed(roles.threshold, 1));
  return roles.random ? msg("{0} {1}", rule, msg("Measured on {0} random tokens that come twice, so that no meaning guides a head.", roles.repeatLength)) : rule;
}
