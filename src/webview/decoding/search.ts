import { msg } from "../../core/contract/index.js";
import { button } from "../controls/toolkit.js";
import { h, linkButton } from "../marks/dom.js";
import { ownSteps } from "../ownSteps.js";
import type { Frame } from "../view.js";
import { createBeams } from "./beams.js";
import { createContrastive } from "./contrastive.js";
import { searchSteps } from "./searchSteps.js";
import type { Section, Shared } from "./tab.js";
import { withHost } from "./withHost.js";

/** Beam search or contrastive search, whichever the parameters ask for; where they ask for neither, what to set. */
export function createSearch(shared: Shared): Section {
  const own = withHost(shared, ownSteps(shared.host, "searchStep", () => searchSteps(shared.trace) - 1));
  const { host } = own;
  const none = createNone(shared);
  const content = h("div");
  const element = h("section", { class: "decoding-search", "aria-label": host.t(msg("Search")) }, content);
  let made: { readonly kind: "beams" | "contrastive"; readonly section: Section } | undefined;

  /** The section of the part that is there; a change of kind makes a new one. */
  function shown(): Section | undefined {
    const kind = shared.trace.search?.kind;
    if (kind !== "beams" && kind !== "contrastive") {
      made?.section.dispose();
      made = undefined;
    } else if (made?.kind !== kind) {
      made?.section.dispose();
      made = { kind, section: kind === "beams" ? createBeams(own) : createContrastive(own) };
    }
    const wanted = made?.section.element ?? none;
    if (content.firstElementChild !== wanted) content.replaceChildren(wanted);
    return made?.section;
  }

  return {
    element,
    draw: (frame: Frame) => shown()?.draw({ ...frame, step: host.step() }),
    position: () => Math.floor(host.step()),
    leave: () => made?.section.leave?.(),
    pictures: () => made?.section.pictures() ?? [],
    files: () => made?.section.files() ?? [],
    copies: () => made?.section.copies() ?? [],
    key: (event) => made?.section.key?.(event) ?? false,
    action: (name) => made?.section.action?.(name) ?? false,
    toggleTable: () => made?.section.toggleTable(),
    dispose() {
      made?.section.dispose();
      element.remove();
    },
  };
}

function createNone(shared: Shared): HTMLElement {
  const { host } = shared;
  const beams = button("num_beams 4", () => shared.change({ num_beams: 4, num_beam_groups: 1, do_sample: false, penalty_alpha: 0 }), true);
  const groups = button("num_beams 6, num_beam_groups 3", () => shared.change({ num_beams: 6, num_beam_groups: 3, diversity_penalty: 1, do_sample: false, penalty_alpha: 0 }));
  const contrastive = button("penalty_alpha 0.6, top_k 4", () => shared.change({ penalty_alpha: 0.6, top_k: 4, num_beams: 1, num_beam_groups: 1, do_sample: false }));
  return h("div", { class: "search-none" },
    h("p", { class: "decoding-sentence" }, host.t(msg("The parameters search for nothing: with num_beams 1 and no penalty_alpha there is one text, and each token is final."))),
    h("dl", {},
      h("dt", {}, host.t(msg("Beam search"))),
      h("dd", {}, host.t(msg("follows several texts at once and keeps those whose tokens are likelier together.")), h("div", { class: "buttons" }, beams, groups)),
      h("dt", {}, host.t(msg("Contrastive search"))),
      h("dd", {}, host.t(msg("takes, of the most probable tokens, one that is unlike what came before. The model needs hidden states: an n-gram has none.")), h("div", { class: "buttons" }, contrastive))),
    h("p", { class: "decoding-sentence" }, linkButton(host.t(msg("Look at the next token")), () => shared.show("explore"))));
}
