import { msg, type Message } from "../../core/contract/index.js";
import type { DecodingTrace, ExplorePart } from "../../core/decoding/trace.js";
import { createPlayer, type Player } from "../controls/player.js";
import { contrast } from "../marks/colour.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, percent } from "../text/number.js";
import { byteOf } from "../text/tokenSpans.js";
import type { ViewHost } from "../view.js";
import { finishSentence, mainMetrics, metricsOf, textOf } from "./generationModel.js";

export type GenerationState = {
  readonly trace: DecodingTrace;
  readonly part: ExplorePart;
  /** The position looked at: a token of the text, or the place behind it. */
  readonly position: number;
  /** Positions there are. */
  readonly positions: number;
  readonly forced: boolean;
  readonly running: boolean;
  readonly width: number;
};

export type GenerationActions = {
  name(id: number): string;
  piece(id: number): string;
  go(position: number): void;
  back(): void;
};

export type Generation = {
  readonly element: HTMLElement;
  readonly player: Player;
  draw(state: GenerationState): void;
};

const tailLength = 28;

/** The text that is made, each token tinted by the model's probability; a click goes to where it was chosen. */
export function createGeneration(host: ViewHost, actions: GenerationActions): Generation {
  const title = h("h2");
  const back = linkButton(host.t(msg("Back to the model’s choices")), () => actions.back());
  const tint = h("span", { class: "quiet small" }, host.t(msg("stronger tint = surer")));
  const before = h("span", { class: "quiet" });
  const tokens = h("span", { class: "generation-tokens", role: "listbox", tabindex: "0", "aria-label": host.t(msg("The text, token by token")) });
  const text = h("div", { class: "generation-text mono" }, before, tokens);
  const finish = h("p", { class: "decoding-note" });
  const numbers = h("p", { class: "generation-metrics small" });
  const table = h("div", { class: "generation-table" });
  let state: GenerationState | undefined;
  const player = createPlayer(host, { label: (step) => placeOf(step) });
  const element = h("section", { class: "generation", "aria-label": host.t(msg("The generated text")) },
    h("div", { class: "decoding-head" }, title, tint), text, player.element, numbers, finish, h("p", { class: "decoding-note generation-back" }, back), table);

  function placeOf(step: number): Message {
    const made = state?.part.ids.length ?? 0;
    return step < made ? msg("Token {0} of {1}", step + 1, made) : msg("After token {0}", made);
  }

  const positionOf = (target: EventTarget | null): number | null => {
    const token = target instanceof Element ? target.closest<HTMLElement>("[data-position]") : null;
    return token ? Number(token.dataset.position) : null;
  };
  tokens.addEventListener("click", (event) => {
    const position = positionOf(event.target);
    if (position !== null) actions.go(position);
  });

  let shown: { readonly part: ExplorePart; readonly palette: Palette; readonly running: boolean } | undefined;
  let here: Element | undefined;
  let tall = 0;

  function draw(next: GenerationState): void {
    state = next;
    const { part, trace, position, positions } = next;
    title.textContent = host.t(part.ids.length === 1 ? msg("And so on, 1 token") : msg("And so on, {0} tokens", part.ids.length));
    const prompt = Array.from(trace.prompt.text);
    before.textContent = prompt.length > tailLength ? `…${prompt.slice(-tailLength).join("").replace(/^\S*(?=\s)/, "")}` : trace.prompt.text;
    drawTokens(next);
    // While a text grows, what stands below it stays where the last text has put it.
    if (next.running) text.style.minHeight = `${tall}px`;
    else {
      text.style.minHeight = "";
      tall = text.offsetHeight;
    }
    player.element.hidden = positions < 2;
    player.draw({ steps: positions, step: Math.min(position, positions - 1) });
    drawNumbers(next);
    const ended = finishSentence(part, trace.source.contextLength);
    finish.textContent = ended ? host.t(ended) : "\u00a0";
    back.parentElement!.hidden = !next.forced;
    table.hidden = !host.ui("decodingTable", false);
    if (!table.hidden) drawTwin(next);
  }

  function drawTokens({ part, position, running }: GenerationState): void {
    const palette = host.palette();
    if (shown?.part !== part || shown.palette !== palette || shown.running !== running) {
      shown = { part, palette, running };
      here = undefined;
      tokens.replaceChildren(...Array.from(part.ids, (_, i) => tokenElement(part, i, palette)), endElement(part, running));
    }
    const now = tokens.children[position];
    if (now === here) return;
    if (here) setAttributes(here, { "aria-selected": "false", "data-here": null });
    here = now;
    if (now) setAttributes(now, { "aria-selected": "true", "data-here": true });
    setAttributes(tokens, { "aria-activedescendant": now?.id });
  }

  function tokenElement(part: ExplorePart, i: number, palette: Palette): HTMLElement {
    const id = part.ids[i];
    const own = textOf(part, i);
    const byte = own === "" ? byteOf(actions.piece(id)) : null;
    const p = part.modelProbability[i];
    const strength = Math.min(1, Math.max(0, p)) ** 1.6 * (palette.contrast ? 0.8 : 0.55);
    const fill = palette.tint(palette.strength(0.6), strength);
    const words = host.t(msg("{0}: the model gives it {1}, behind the stages it has {2}", actions.name(id), percent(p, 1), percent(part.probability[i], 1)));
    const classes = ["token", part.repeated[i] === 1 ? "repeated" : "", part.forced[i] === 1 ? "forced" : "", own === "" ? "byte" : ""].filter(Boolean).join(" ");
    const told = [words, ...(part.forced[i] === 1 ? [host.t(msg("you chose it"))] : []), ...(part.repeated[i] === 1 ? [host.t(msg("part of a repeated n-gram"))] : [])].join("; ");
    const element = h("span", { class: classes, role: "option", id: `token-${i}`, "aria-selected": "false", "data-position": i, title: told, "aria-label": told });
    const lines = (own !== "" ? own : byte ?? actions.name(id)).split("\n");
    lines.forEach((line, l) => {
      if (l > 0) element.append(h("span", { class: "quiet", "aria-hidden": "true" }, "↵"), "\n");
      element.append(line);
    });
    element.style.backgroundColor = fill;
    if (contrast(palette.ink, fill) < 4.5) element.style.color = palette.inkOn(fill);
    return element;
  }

  /** The place behind the text: where it would go on. */
  function endElement(part: ExplorePart, running: boolean): HTMLElement {
    const i = part.ids.length;
    const words = host.t(running ? msg("more to come") : msg("where the text would go on"));
    const exists = part.at.length > i;
    return h("span", { class: "token end", role: "option", id: `token-${i}`, "data-position": exists ? i : null, title: words, "aria-label": words }, "\u200b");
  }

  function drawNumbers({ part }: GenerationState): void {
    const all = metricsOf(part.metrics);
    const open = host.ui("allMetrics", false);
    const few = open ? all : all.filter(([name]) => mainMetrics.includes(name));
    const nodes: (Node | string)[] = few.flatMap(([name, value, decimals], i) => [
      ...(i > 0 ? [" · "] : []),
      h("span", { class: "unbroken" }, h("span", { class: "quiet" }, name), " ", h("b", { title: exact(value) }, fixed(value, decimals))),
    ]);
    if (all.length > few.length || open) nodes.push(" ", linkButton(host.t(open ? msg("fewer") : msg("all {0} measures", all.length)), () => host.setUi("allMetrics", !open)));
    const key = `${nodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("")}`;
    if (numbers.dataset.shown === key) return;
    numbers.dataset.shown = key;
    numbers.replaceChildren(...nodes);
  }

  function drawTwin({ part, width }: GenerationState): void {
    drawTable(table, {
      caption: host.t(msg("The generated tokens")),
      columns: [
        { title: host.t(msg("place")), numeric: true }, { title: host.t(msg("token")) }, { title: host.t(msg("model")), numeric: true },
        { title: host.t(msg("drawn from")), numeric: true }, { title: "u", numeric: true }, { title: host.t(msg("repeated")), secondary: true },
      ],
      rows: Array.from(part.ids, (id, i) => ({
        cells: [
          String(i + 1), { text: actions.name(id), className: "mono" }, { text: percent(part.modelProbability[i], 1), title: exact(part.modelProbability[i]) },
          { text: percent(part.probability[i], 1), title: exact(part.probability[i]) }, Number.isNaN(part.uniform[i]) ? "–" : { text: fixed(part.uniform[i], 3), title: exact(part.uniform[i]) },
          part.repeated[i] === 1 ? host.t(msg("yes")) : "",
        ],
      })),
      width,
    });
  }

  return { element, player, draw };
}
