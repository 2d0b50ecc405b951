import { msg } from "../../core/contract/index.js";
import { readTyped } from "../controls/scale.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import { significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { fittedScale, type Sorting, type StripRow, type Window } from "./stripsModel.js";

/** What the reader chose for all strips; kept over reloads. */
export type StripsChoice = { readonly limit: number; readonly whiteZero: boolean; readonly sorting: Sorting };

/** Until the reader's setting is known. */
const USUAL_LIMIT = 2;
const asGiven: Sorting = { by: "given", a: "", b: "" };

export function stripsChoice(host: ViewHost): StripsChoice {
  const limit = host.ui<number | null>("stripScale", null) ?? usualLimit(host);
  return { limit: limit > 0 && Number.isFinite(limit) ? limit : USUAL_LIMIT, whiteZero: host.ui("whiteZero", false), sorting: host.ui("stripSort", asGiven) };
}

/** The setting `lumen.vectors.stripScale`. */
function usualLimit(host: ViewHost): number {
  const limit = host.setting("stripScale", USUAL_LIMIT);
  return limit > 0 && Number.isFinite(limit) ? limit : USUAL_LIMIT;
}

export type StripsControls = {
  readonly element: HTMLElement;
  draw(rows: readonly StripRow[], window: Window): void;
};

/** Order of the dimensions, end of the scale, white zero, and the way back from a zoom. */
export function createStripsControls(host: ViewHost, showAll: () => void): StripsControls {
  const options = [["given", msg("as given")], ["value", msg("by value of")], ["spread", msg("by spread")], ["difference", msg("by difference of")]] as const;
  const by = h("select", { class: "plain-select", "aria-label": host.t(msg("Order of the dimensions")) }, ...options.map(([value, label]) => h("option", { value }, host.t(label))));
  const a = h("select", { class: "plain-select", "aria-label": host.t(msg("Row to sort by")) });
  const and = h("span", { class: "quiet" }, host.t(msg("and")));
  const b = h("select", { class: "plain-select", "aria-label": host.t(msg("Row to subtract")) });
  const limit = h("input", { type: "text", class: "small-input", inputmode: "decimal", size: 5, "aria-label": host.t(msg("Where the colours end")) });
  let rows: readonly StripRow[] = [];
  const fit = linkButton(host.t(msg("fit to the data")), () => host.setUi("stripScale", fittedScale(rows)));
  const usual = linkButton("", () => host.setUi("stripScale", null));
  const white = h("input", { type: "checkbox" });
  const whiteLabel = h("label", { title: host.t(msg("Shows zero in white, as in print, so that pictures can be held side by side.")) }, white, host.t(msg("white zero")));
  const all = linkButton("", showAll);
  const group = (...children: (Node | string)[]): HTMLElement => h("span", { class: "strips-control" }, ...children);
  const element = h("div", { class: "strips-controls small" },
    group(h("span", { class: "quiet" }, host.t(msg("dimensions"))), by, a, and, b), group(h("span", { class: "quiet" }, host.t(msg("scale \u00b1"))), limit, fit, usual), whiteLabel, all);

  for (const select of [by, a, b]) {
    select.addEventListener("change", () => host.setUi("stripSort", { by: by.value, a: a.value, b: b.value }));
  }
  white.addEventListener("change", () => host.setUi("whiteZero", white.checked));
  const takeLimit = (): void => {
    const value = readTyped(limit.value);
    const fine = value > 0 && Number.isFinite(value);
    limit.setAttribute("aria-invalid", String(!fine));
    if (fine) host.setUi("stripScale", value);
    else host.announce(host.t(msg("The scale must end at a number above 0, such as 2.")));
  };
  limit.addEventListener("change", takeLimit);
  limit.addEventListener("keydown", (event) => {
    if (event.key === "Enter") takeLimit();
  });

  return {
    element,
    draw(now, { d, from, to }) {
      rows = now;
      const choice = stripsChoice(host);
      const { sorting } = choice;
      by.value = sorting.by;
      const names = now.map(({ label }) => label);
      const pairs = [[a, sorting.a, 0], [b, sorting.b, 1]] as const;
      for (const [select, chosen, fallback] of pairs) {
        if (Array.from(select.options, (option) => option.value).join("\u0001") !== names.join("\u0001")) {
          select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
        }
        select.value = names.includes(chosen) ? chosen : names[Math.min(fallback, names.length - 1)] ?? "";
      }
      a.hidden = sorting.by !== "value" && sorting.by !== "difference";
      b.hidden = and.hidden = sorting.by !== "difference";
      if (document.activeElement !== limit) {
        limit.value = significant(choice.limit, 6);
        limit.setAttribute("aria-invalid", "false");
      }
      const usually = usualLimit(host);
      usual.hidden = choice.limit === usually;
      usual.textContent = `\u00b1${significant(usually, 6)}`;
      fit.hidden = now.length === 0 || choice.limit === fittedScale(now);
      setAttributes(usual, { "aria-label": host.t(msg("Back to a scale of \u00b1{0}", significant(usually, 6))) });
      whiteLabel.hidden = !host.palette().dark;
      white.checked = choice.whiteZero;
      all.hidden = to - from >= d;
      all.textContent = host.t(msg("Show all {0} dimensions", d));
    },
  };
}
