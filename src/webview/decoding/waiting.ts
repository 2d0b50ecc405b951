import { msg, type Message } from "../../core/contract/index.js";
import { decodingParams, type DecodingTab } from "../../core/decoding/params.js";
import { button } from "../controls/toolkit.js";
import { h } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { traces } from "./sharedParts.js";

/** What stands in place of a tab that is not computed: what it waits for, and how to have it sooner. */
export function createWaiting(host: ViewHost, tab: () => DecodingTab): { readonly element: HTMLElement; draw(): void } {
  const sentence = h("p", { class: "quiet" });
  const now = button(host.t(msg("Compute this now")), () => host.run({ tab: tab() }), true);
  const cancel = button(host.t(msg("Cancel")), () => host.post({ type: "cancel" }));
  const buttons = h("div", { class: "buttons" }, now, cancel);
  const element = h("div", { class: "decoding-waiting", role: "status" }, sentence, buttons);
  return {
    element,
    draw() {
      const newest = host.newest();
      const other = newest?.phase === "running" ? traces.tabOf(newest.params) : undefined;
      const busy = other !== undefined && other !== tab();
      sentence.textContent = host.t(busy ? msg("This waits until “{0}” is computed.", labelOf(other)) : other === undefined ? msg("Not computed yet.") : msg("This is being computed."));
      now.hidden = other === tab();
      cancel.hidden = other === undefined;
    },
  };
}

function labelOf(tab: DecodingTab): Message {
  return decodingParams.tab.options.find(({ value }) => value === tab)!.label;
}
