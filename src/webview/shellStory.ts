import type { Fix, Message, Problem } from "../core/contract/index.js";
import { h, linkButton } from "./marks/dom.js";
import { letter } from "./marks/palette.js";
import { replaceIfChanged } from "./shellHeader.js";
import { fixLink, problemLine } from "./shellProblems.js";
import type { StoryPart, ViewHost } from "./view.js";

export type StoryState = {
  readonly title: Message;
  /** The sentence under the headline; a run's progress or a problem takes its place. */
  readonly lede: readonly StoryPart[];
  /** Remedies offered at the end of the sentence. */
  readonly fixes?: readonly Fix[];
  readonly progress?: { readonly message: Message; readonly actions: readonly { readonly label: Message; run(): void }[] };
  readonly problem?: Problem;
  /** What the reader should know about the result, with remedies. */
  readonly notes: readonly Problem[];
};

export interface Story {
  readonly element: HTMLElement;
  draw(state: StoryState | undefined): void;
}

/** The headline, the sentence under it, and the remarks of the run. */
export function createStory(host: ViewHost): Story {
  const title = h("h1");
  const lede = h("p", { class: "lede" });
  const instead = h("div", { class: "instead" });
  const notes = h("div", { class: "notes" });
  const element = h("section", { class: "story" }, title, lede, instead, notes);
  return {
    element,
    draw(state) {
      element.hidden = state === undefined;
      if (!state) return;
      title.textContent = host.t(state.title);
      const replaced = state.progress !== undefined || state.problem !== undefined;
      lede.hidden = replaced;
      instead.hidden = !replaced;
      if (!replaced) replaceIfChanged(lede, JSON.stringify([state.lede, state.fixes]), () => [
        ...closedUp(state.lede.map((part) => storyPart(host, part))), ...(state.fixes ?? []).flatMap((fix) => fixLink(host, fix)),
      ]);
      else if (state.progress) {
        const { message, actions } = state.progress;
        const text = host.t(message);
        const first = instead.firstElementChild;
        // The numbers change many times a second; the buttons must stay the same elements to be clicked.
        if (first?.className === "progress-text" && first.getAttribute("data-actions") === String(actions.length)) first.firstElementChild!.textContent = text;
        else {
          const line = h("p", { class: "progress-text", "data-actions": actions.length }, h("span", {}, text));
          for (const action of actions) line.append(" · ", linkButton(host.t(action.label), action.run));
          instead.replaceChildren(line);
        }
      } else if (state.problem) instead.replaceChildren(problemLine(host, state.problem));
      replaceIfChanged(notes, JSON.stringify(state.notes), () => state.notes.map((note) => problemLine(host, note)));
    },
  };
}

/** A link is a button, behind which a line may break: a comma or a full stop stays on the line of what it follows. */
function closedUp(nodes: readonly (Node | string)[]): (Node | string)[] {
  const closed: (Node | string)[] = [];
  for (const node of nodes) {
    const before = closed.at(-1);
    const mark = typeof node === "string" && typeof before === "object" ? /^[,.;:，。；：]+/.exec(node)?.[0] : undefined;
    if (typeof node !== "string" || before === undefined || mark === undefined) closed.push(node);
    else closed.splice(-1, 1, h("span", { class: "unbroken" }, before, mark), node.slice(mark.length));
  }
  return closed;
}

function storyPart(host: ViewHost, part: StoryPart): Node | string {
  switch (part.kind) {
    case "text":
      return host.t(part.text);
    case "component":
      return h("b", { class: `c${part.index % 8}` }, letter(part.index));
    case "link":
      return linkButton(host.t(part.text), () => host.post({ type: "reveal", span: part.span }));
  }
}
