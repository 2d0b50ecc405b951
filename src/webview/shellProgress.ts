import { msg } from "../core/contract/index.js";
import { h } from "./marks/dom.js";
import type { Run } from "./shellModel.js";
import type { ViewHost } from "./view.js";

/** The line of 2 px under the header. A dashed one over the whole width where the end is not known. */
export function createProgress(host: ViewHost): { readonly element: HTMLElement; draw(run: Run | undefined): void } {
  const element = h("div", { class: "progress", role: "progressbar", hidden: true });
  return {
    element,
    draw(run) {
      element.hidden = run === undefined;
      if (!run) return;
      const fraction = run.progress?.fraction ?? NaN;
      const known = Number.isFinite(fraction);
      const percent = 100 * Math.max(0, Math.min(1, fraction));
      element.classList.toggle("unknown", !known);
      element.style.setProperty("--done", known ? `${percent}%` : "100%");
      element.setAttribute("aria-label", host.t(run.progress?.message ?? msg("Running")));
      if (known) element.setAttribute("aria-valuenow", String(Math.round(percent)));
      else element.removeAttribute("aria-valuenow");
    },
  };
}
