import { msg, type Message } from "../../core/contract/index.js";
import { mixtureParams } from "../../core/mixture/params.js";
import { story } from "../../core/mixture/story.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { createPlayer } from "../controls/player.js";
import { h } from "../marks/dom.js";
import { compact } from "../text/number.js";
import type { Chip, Frame, Mounted, View, ViewHost } from "../view.js";
import { copiesOf, exportsOf, insertOf, writeAll } from "./copies.js";
import { createFormulas } from "./formulas.js";
import { createLikelihood } from "./likelihood.js";
import { createMatrix } from "./matrix.js";
import { createOneD } from "./oneD.js";
import { createParameters } from "./parameters.js";
import { createRows } from "./parametersRows.js";
import { presetsFor } from "./presets.js";
import { createRestarts } from "./restarts.js";
import { createScatter } from "./scatter.js";
import { Shared, type Part } from "./shared.js";
import { thinned } from "./sharedShares.js";
import { createSweep } from "./sweep.js";
import { createThumbnails } from "./thumbnails.js";
import { createRowColours } from "./viewColours.js";
import { layoutOf } from "./viewLayout.js";
import { placeOf } from "./viewPlace.js";
import { rowsOf } from "./viewRows.js";

/** The mixture of Gaussians: one column as a histogram, more as a scatter, and what both share. */
export const mixture: View<MixtureTrace> = { mount };

function mount(root: HTMLElement, host: ViewHost): Mounted<MixtureTrace> {
  const shared = new Shared(host);
  const place = (name: string): HTMLElement => h("div", { class: `mixture-place mixture-${name}` });
  const [figure, matrix, likelihood, thumbs, sweep, restarts, formulas, parameters, rows] =
    ["picture", "matrix-place", "ruler", "columns", "sweep-place", "restarts-place", "formula-place", "parameter-place", "rows-place"].map(place);
  const player = createPlayer(host, {
    half: true,
    label: (step) => placeOf(shared, step).place,
    detail: (step) => placeOf(shared, step).detail,
    stopAt: (step) => fallAt(shared, step),
  });
  const stage = h("div", { class: "mixture-stage" }, figure, matrix, likelihood, player.element);
  const margin = h("div", { class: "mixture-margin" }, thumbs, sweep, restarts);
  const top = h("div", { class: "mixture-top" }, stage, margin);
  const bottom = h("div", { class: "mixture-bottom" }, formulas, parameters);
  const below = h("div", { class: "mixture-below" });
  const screen = h("div", { class: "mixture-screen" }, top);
  const box = h("div", { class: "mixture" }, screen, bottom, below, rows);
  root.append(box);

  const ruler = createLikelihood(likelihood, host, shared);
  const table = createRows(rows, host, shared);
  const common = { formulas: createFormulas(formulas, host, shared), parameters: createParameters(parameters, host, shared) };
  const side = { sweep: createSweep(sweep, host, shared), restarts: createRestarts(restarts, host, shared) };
  let flat: Part | undefined;
  let spatial: { readonly scatter: Part; readonly matrix: Part; readonly thumbs: Part } | undefined;
  const colours = createRowColours(host, shared);
  let status: Frame["status"] = "complete";
  let thin: { readonly of: MixtureTrace; readonly trace: MixtureTrace } | undefined;

  function parts(): Part[] {
    const { D } = shared.trace;
    const main = D === 1 ? [flat] : [spatial?.matrix, spatial?.scatter, spatial?.thumbs];
    return [...main, side.restarts, side.sweep].filter((part): part is Part => part !== undefined);
  }

  return {
    draw(trace, frame) {
      status = frame.status;
      shared.update(trace, frame);
      const { D } = trace;
      const layout = layoutOf(frame.width, D);
      const at = (width: number): Frame => ({ ...frame, width });
      box.dataset.layout = layout.kind;
      box.dataset.dimensions = D === 1 ? "one" : "many";
      // A column of its own for the side figures where there is room; otherwise they stand under everything else.
      const home = layout.margin > 0 ? margin : below;
      if (sweep.parentElement !== home) home.append(sweep, restarts);
      if (layout.margin > 0 && thumbs.parentElement !== margin) margin.prepend(thumbs);
      if (layout.margin === 0 && thumbs.parentElement !== box) screen.after(thumbs);
      // Its track shares the curve's extent in 1-D; below a scatter it has the whole width.
      const playerHome = D === 1 ? stage : screen;
      if (player.element.parentElement !== playerHome) playerHome.append(player.element);
      margin.hidden = layout.margin === 0;
      stage.style.width = `${layout.main}px`;
      margin.style.width = `${layout.margin}px`;
      figure.hidden = matrix.hidden = thumbs.hidden = false;
      likelihood.hidden = D > 1;
      thumbs.hidden = D < 3;
      matrix.hidden = D < 3;
      if (D === 1) {
        if (spatial) {
          for (const part of Object.values(spatial)) part.dispose();
          for (const holder of [figure, matrix, thumbs]) holder.replaceChildren();
          spatial = undefined;
        }
        flat ??= createOneD(figure, host, shared);
        flat.draw(trace, at(layout.main));
        const track = ruler.track(at(layout.main), axisLeft);
        ruler.draw(trace, at(layout.main));
        player.draw({ steps: steps(trace), step: shared.position, track });
      } else {
        flat?.dispose();
        flat = undefined;
        spatial ??= { scatter: createScatter(figure, host, shared), matrix: createMatrix(matrix, host, shared), thumbs: createThumbnails(thumbs, host, shared) };
        spatial.scatter.draw(trace, at(layout.main));
        spatial.matrix.draw(trace, at(layout.main));
        spatial.thumbs.draw(trace, at(layout.margin || layout.main));
        player.draw({ steps: steps(trace), step: shared.position });
      }
      side.sweep.draw(trace, at(layout.side));
      side.restarts.draw(trace, at(layout.side));
      sweep.style.width = restarts.style.width = `${layout.side}px`;
      formulas.hidden = !host.ui("formula", true);
      bottom.dataset.beside = String(layout.beside && !formulas.hidden);
      if (!formulas.hidden) common.formulas.draw(trace, at(layout.formula));
      common.parameters.draw(trace, at(formulas.hidden || !layout.beside ? frame.width : layout.table));
      rows.hidden = !host.ui("rows", false);
      if (!rows.hidden) table.draw(trace, frame);
      colours.draw(frame);
    },
    steps,
    story(trace, step) {
      const thin = thinOf(trace);
      const known = thin === trace && drawn(trace) && Math.floor(shared.position) === step;
      return story({
        trace: thin,
        fitIndex: drawn(trace) ? shared.fitIndex : Math.max(0, trace.best),
        position: step,
        point: drawn(trace) && thin === trace ? shared.held : null,
        running: status === "running",
        ...(known && shared.position === step ? { shares: shared.shares } : {}),
      });
    },
    rows: rowsOf,
    copies: (trace, step) => (drawn(trace) ? copiesOf(host, shared, step) : []),
    exports: (trace, step) =>
      drawn(trace) ? exportsOf(host, shared, step, () => [...parts(), ...(shared.trace.D === 1 ? [ruler] : [])].slice(0, shared.trace.D === 1 ? undefined : 2)) : [],
    insert: (trace, step) => insertOf(trace, drawn(trace) ? shared.fitIndex : Math.max(0, trace.best), step),
    caret: (offset) => shared.caret(offset),
    key,
    action,
    menu: (trace) => [
      ...(trace.spans && trace.K > 1 ? [{ label: msg("Colour rows by component"), checked: colours.on, run: () => colours.toggle() }] : []),
      ...(trace.lines.length < trace.N ? [{ label: msg("Export responsibilities of all rows (CSV)"), run: () => writeAll(host, shared) }] : []),
    ],
    presets: () => presetsFor(shared.ready ? shared.trace : undefined),
    columns: (trace) => trace.available,
    chips,
    dispose() {
      for (const part of [flat, ...Object.values(spatial ?? {}), ruler, table, ...Object.values(common), ...Object.values(side)]) part?.dispose();
      colours.dispose();
      player.dispose();
      box.remove();
    },
  };

  /** The trace, or a sample of its points where they are too many to be looked at for a sentence. */
  function thinOf(trace: MixtureTrace): MixtureTrace {
    if (thin?.of !== trace) thin = { of: trace, trace: thinned(trace).trace };
    return thin.trace;
  }

  function steps(trace: MixtureTrace): number {
    return 2 * (shared.stepsOf(trace) - 1) + 1;
  }

  function drawn(trace: MixtureTrace): boolean {
    return shared.shows(trace);
  }

  function chips(trace: MixtureTrace): Chip[] {
    const made: Chip[] = [];
    const fit = trace.fits[drawn(trace) ? shared.fitIndex : Math.max(0, trace.best)];
    const more = { label: msg("Continue"), params: {}, continues: true };
    if (fit.ended === "stopped") made.push({ label: msg("stopped at iteration {0}", fit.iterations), action: more });
    if (fit.ended === "max_iter") made.push({ label: msg("max_iter reached at iteration {0}", fit.iterations), tone: "warn", action: more });
    const { sampled } = rowsOf(trace);
    if (sampled) {
      const all = trace.N <= mixtureParams.draw_limit.max;
      made.push({ label: sampled, ...(all ? { action: { label: msg("Draw all"), params: { draw_limit: Math.max(mixtureParams.draw_limit.min, trace.N) } } } : {}) });
    }
    return made;
  }

  function key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || !shared.ready) return false;
    if (parts().some((part) => part.key?.(event))) return true;
    const native = event.target instanceof HTMLElement && event.target.closest("button, a, select, summary, .mixture-rows");
    if (event.key === "Escape") {
      const any = shared.held !== null || shared.hovered !== null || shared.heldComponent !== null;
      shared.hover(null);
      if (shared.held !== null) shared.hold(null);
      shared.holdComponent(null);
      return any;
    }
    if (/^[1-8]$/.test(event.key) && Number(event.key) <= shared.trace.K) {
      const k = Number(event.key) - 1;
      shared.holdComponent(k === shared.heldComponent ? null : k);
      return true;
    }
    if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !native) {
      const from = shared.hovered ?? shared.held ?? shared.leastDecided;
      shared.hover(Math.max(0, Math.min(shared.M - 1, from + (event.key === "ArrowDown" ? 1 : -1))));
      return true;
    }
    if (event.key === "Enter" && !native && shared.hovered !== null) {
      shared.hold(shared.hovered);
      return true;
    }
    return false;
  }

  function action(name: string): boolean {
    switch (name) {
      case "table": {
        const open = !host.ui("rows", false);
        host.setUi("rows", open);
        if (open) requestAnimationFrame(() => table.element.scrollIntoView({ block: "nearest" }));
        return true;
      }
      case "formula":
        host.setUi("formula", !host.ui("formula", true));
        return true;
      case "colourRows":
        colours.toggle();
        return true;
      default:
        return false;
    }
  }
}

/** Where the axes of the 1-D figure and of the likelihood begin, so that both share their left edge. */
const axisLeft = 34;

/** The sentence with which play stops where the log-likelihood fell. */
function fallAt(shared: Shared, step: number): Message | undefined {
  const { fit, S } = shared;
  if (step % 2 !== 0 || step < 2 || step / 2 >= S) return undefined;
  const [before, now] = [fit.kept[step / 2 - 1], fit.kept[step / 2]];
  const fell = fit.fell.find((iteration) => iteration > before && iteration <= now);
  return fell === undefined ? undefined : msg("The log-likelihood fell at iteration {0}", compact(fell));
}
