import { insidePython } from "../../core/attention/partInsidePython.js";
import { msg, type Message } from "../../core/contract/index.js";
import { createPlayer } from "../controls/player.js";
import { h } from "../marks/dom.js";
import { ownSteps } from "../ownSteps.js";
import { insideFiles } from "./insideFiles.js";
import { createLens, type LensPlace } from "./insideLens.js";
import { InsideModel } from "./insideModel.js";
import { createPulls } from "./insidePulls.js";
import { createRoles } from "./insideRoles.js";
import { createStream } from "./insideStream.js";
import { createInsideTables } from "./insideTables.js";
import type { Section, Shared } from "./tab.js";

/** What happens between the embedding and the next token. */
export function createInside(shared: Shared): Section {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  let model: InsideModel | undefined;
  const lens = createLens(shared, choose);
  const stream = createStream(host);
  const roles = createRoles(shared);
  const made = (): number => model?.part.pulls?.ids.length ?? 0;
  const walk = ownSteps(host, "insideStep", () => Math.max(0, made() - 1));
  const player = createPlayer(walk, { label: (step) => msg("New token {0} of {1}", Math.max(1, Math.min(made(), Math.round(step) + 1)), made()) });
  const pulls = createPulls(shared, player.element, (step) => walk.setStep(step));
  const tables = createInsideTables(shared);
  const noLens = h("p", { class: "quiet" }, t(msg("The folder has no head that names tokens, so that there is no lens: lengths, norms and heads are shown.")));
  const element = h("div", { class: "attention-inside" }, noLens, lens.element, stream.element, roles.element, pulls.element, tables.element);

  const layer = (): number => Math.max(0, Math.min(model?.layers ?? 0, host.ui("lensLayer", model?.layers ?? 0)));
  /** Padding is not looked into. */
  const token = (): number => Math.max(0, Math.min(shared.token, (model?.tokens ?? 1) - 1));

  function choose({ layer: next, column }: LensPlace): void {
    host.setUi("lensLayer", next);
    const from = model?.part.lens?.from ?? 0;
    if (from + column !== token()) shared.choose(from + column);
    host.redraw();
  }

  return {
    element,
    draw(frame) {
      const { trace } = shared;
      const part = trace.inside!;
      if (model?.part !== part || model.trace !== trace) model = new InsideModel(trace, part);
      const palette = host.palette();
      const width = Math.max(240, frame.width);
      noLens.hidden = part.lens !== null;
      lens.draw(model, palette, { layer: layer(), column: model.column(token()) }, width);
      stream.draw(model, palette, token(), width, shared.label(token()));
      roles.draw(model, palette, Math.min(width, 1000));
      pulls.draw(model, palette, Math.round(walk.step()), width);
      player.element.hidden = made() < 2;
      player.draw({ steps: Math.max(1, made()), step: walk.step() });
      tables.element.hidden = !host.ui("insideTable", false);
      if (!tables.element.hidden) tables.draw(model, roles.where, token(), frame.width);
    },
    pictures: () => [...(model?.part.lens ? lens.pictures : []), ...stream.pictures(), ...roles.pictures, ...(model?.part.pulls && model.part.pulls.ids.length > 0 ? pulls.pictures : [])],
    files: () => (model ? insideFiles(host, model) : []),
    copies: () => [{ label: msg("Copy as Python (transformers)"), text: () => insidePython(shared.trace, token()) }],
    toggleTable: () => host.setUi("insideTable", !host.ui("insideTable", false)),
    key: (event) => made() > 1 && player.key(event),
    action: (name) => made() > 1 && player.action(name),
    dispose() {
      player.dispose();
      element.remove();
    },
  };
}
