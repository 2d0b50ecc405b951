import { msg, type Message } from "../core/contract/index.js";
import { button } from "./controls/toolkit.js";
import { h } from "./marks/dom.js";
import { invitations, isKnown } from "./registry.js";
import { emptyState } from "./shellEmpty.js";
import { replaceIfChanged } from "./shellHeader.js";
import type { Mode, Model } from "./shellModel.js";
import { errorsFirst, problemBlock } from "./shellProblems.js";
import type { ViewHost } from "./view.js";

/** What stands where there is no picture: the empty state, problems, or why there is nothing. */
export function drawBody(element: HTMLElement, host: ViewHost, model: Model, mode: Mode, broken: string | undefined, drawAgain: () => void): void {
  const t = (message: Message): string => host.t(message);
  const show = (key: unknown, build: () => readonly (Node | string)[]): void => {
    replaceIfChanged(element, JSON.stringify([mode.kind, model.language, key]), build);
    element.hidden = element.childElementCount === 0;
  };
  const sentences = (title: Message, text: string, label: Message, run: () => void): Node[] => [
    h("h1", {}, t(title)),
    h("p", { role: "alert" }, text),
    h("div", { class: "buttons" }, button(t(label), run, true)),
  ];
  const again = (): void => host.run({});
  const { explainer, samples } = model;

  if (broken !== undefined) return show(broken, () => sentences(msg("No picture"), broken, msg("Draw it again"), drawAgain));
  switch (mode.kind) {
    case "empty": {
      if (explainer === undefined || !isKnown(explainer)) return show(null, () => []);
      const own = samples.filter((sample) => sample.explainer === explainer);
      return show(own, () => [emptyState(host, invitations[explainer], own)]);
    }
    case "waiting":
      return show(0, () => [h("p", { class: "quiet" }, t(msg("Opening …")))]);
    case "problem": {
      const { run } = mode;
      if (run.phase === "invalid") {
        const title = errorsFirst(run.problems).find((problem) => problem.title)?.title ?? msg("Nothing to draw yet");
        return show([run.problems, model.source?.lines], () => [h("h1", {}, t(title)), problemBlock(host, run.problems)]);
      }
      if (run.phase === "cancelled") {
        return show(run.id, () => sentences(msg("Cancelled"), t(msg("Nothing was kept of this run.")), msg("Try again"), again));
      }
      const why = t(run.failure ?? msg("The run failed."));
      return show(run.failure, () => sentences(msg("The run failed"), why, msg("Try again"), again));
    }
    case "starting":
    case "picture":
      return show(null, () => []);
  }
}
