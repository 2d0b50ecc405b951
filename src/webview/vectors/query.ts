import { msg, type Message } from "../../core/contract/index.js";
import type { ExpressionProblem } from "../../core/vectors/trace.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { createHistory } from "./queryHistory.js";

/** Typing rests so long before the question is asked, in milliseconds. */
const PAUSE = 300;

export type QueryOptions = {
  readonly label: Message;
  readonly placeholder: Message;
  /** Under which name past questions are kept; without it none are. */
  readonly history?: string;
  /** Ask while typing, not on Enter alone. */
  readonly live?: boolean;
  submit(text: string): void;
};

export type QueryBox = {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** `text` is what has been asked, `problem` what is wrong with it. What the reader is typing stays. */
  draw(text: string, problem: ExpressionProblem | null): void;
  /** Empties the box and forgets what was typed. */
  clear(): void;
  dispose(): void;
};

/**
 * A line for a word, a list of numbers or an expression. Asks after a pause and on Enter, never while an input method
 * composes; ↑ and ↓ bring past questions back; what is wrong is underlined in place, with words that exist to choose from.
 */
export function createQueryBox(host: ViewHost, { label, placeholder, history: kept, live = false, submit }: QueryOptions): QueryBox {
  const input = h("input", { type: "text", class: "query-input", spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-label": host.t(label), placeholder: host.t(placeholder) });
  const under = h("div", { class: "query-under", "aria-hidden": "true" });
  const help = h("div", { class: "query-problem", id: `query-problem-${boxes++}`, "aria-live": "polite" });
  input.setAttribute("aria-describedby", help.id);
  const element = h("div", { class: "query" }, h("div", { class: "query-line" }, under, input), help);
  const history = kept === undefined ? undefined : createHistory(host, kept);
  let asked = "";
  let problem: ExpressionProblem | null = null;
  /** The reader has typed something that was not drawn yet. */
  let typed = false;
  let composing = false;
  /** A past question stands in the box; asking it again must not change the order of the past. */
  let walking = false;
  let timer: number | undefined;
  let shown: readonly unknown[] = [];

  function ask(): void {
    window.clearTimeout(timer);
    timer = undefined;
    const text = input.value.trim();
    if (text === asked && !typed) return;
    submit(text);
  }
  function later(): void {
    window.clearTimeout(timer);
    timer = live && !composing ? window.setTimeout(ask, PAUSE) : undefined;
  }
  function put(text: string): void {
    input.value = text;
    typed = true;
    drawProblem();
  }

  input.addEventListener("input", () => {
    typed = true;
    walking = false;
    drawProblem();
    later();
  });
  input.addEventListener("compositionstart", () => {
    composing = true;
    window.clearTimeout(timer);
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  input.addEventListener("scroll", () => (under.scrollLeft = input.scrollLeft));
  input.addEventListener("keydown", (event) => {
    // Enter and arrows belong to the input method while it composes.
    if (composing || event.isComposing) return;
    if (event.key === "Enter") {
      typed = true;
      walking = false;
      history?.add(input.value.trim(), false);
      ask();
    } else if (event.key === "Escape" && typed) {
      window.clearTimeout(timer);
      typed = false;
      input.value = asked;
      drawProblem();
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && history && !event.altKey && !event.shiftKey) {
      const past = history.walk(event.key === "ArrowUp" ? -1 : 1, input.value);
      if (past === undefined) return;
      put(past);
      walking = true;
      input.setSelectionRange(past.length, past.length);
      later();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** Takes a word that exists in place of the one that does not. */
  function replace({ start, end }: ExpressionProblem, word: string): void {
    put(asked.slice(0, start) + asWord(word) + asked.slice(end));
    input.focus();
    ask();
  }

  function drawProblem(): void {
    const stands = problem !== null && input.value.trim() === asked.trim();
    const now = [stands, problem, input.value];
    if (now.every((value, i) => value === shown[i])) return;
    shown = now;
    input.setAttribute("aria-invalid", String(stands));
    if (!stands || problem === null) {
      under.replaceChildren();
      help.replaceChildren();
      return;
    }
    under.replaceChildren(...underlined(input.value, problem));
    under.scrollLeft = input.scrollLeft;
    const found = problem;
    help.replaceChildren(...problemParts(host, found, (word) => replace(found, word)));
  }

  return {
    element, input,
    draw(text, wrong) {
      if (text !== asked || wrong !== problem) {
        if (wrong === null && text !== "" && !walking && document.activeElement === input) history?.add(text, true);
        if (input.value.trim() === text.trim()) typed = false;
        asked = text;
        problem = wrong;
      }
      if (!typed && !composing && input.value !== asked) input.value = asked;
      drawProblem();
    },
    clear() {
      window.clearTimeout(timer);
      input.value = "";
      typed = false;
      asked = "";
      drawProblem();
    },
    dispose: () => window.clearTimeout(timer),
  };
}

let boxes = 0;

/** The text with the place of the problem underlined. At the end of the text a blank stands for what is missing. */
export function underlined(text: string, { start, end }: ExpressionProblem): Node[] {
  const from = Math.min(start, text.length);
  const to = Math.max(from, Math.min(end, text.length));
  return [document.createTextNode(text.slice(0, from)), h("u", {}, from === to ? "\u00a0" : text.slice(from, to)), document.createTextNode(text.slice(to))];
}

/** The sentence of a problem, and buttons with spellings that exist. */
export function problemParts(host: ViewHost, { message, suggestions }: ExpressionProblem, take: (word: string) => void): Node[] {
  const parts: Node[] = [h("span", { class: "query-sentence" }, host.t(message))];
  if (suggestions.length > 0) {
    const buttons = suggestions.flatMap((word, i) => [document.createTextNode(i === 0 ? " " : ", "), linkButton(word, () => take(word), { class: "link mono" })]);
    parts.push(document.createTextNode(" "), h("span", { class: "query-suggestions" }, host.t(msg("Did you mean")), ...buttons, "?"));
  }
  return parts;
}

/** Expressions know no escapes: a name stands in quotes that it does not hold. */
const QUOTES = ['""', "``", "“”", "''", "‘’"];

/** A name as an expression has it: in quotes unless it is letters, digits and underscores. */
export function asWord(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return name;
  const [open, close] = QUOTES.find(([, end]) => !name.includes(end)) ?? QUOTES[0];
  return open + name + close;
}
