import { format, msg, type Bundle, type Message } from "../../core/contract/index.js";
import type { Plane } from "../../core/formats/tensors.js";
import { planeSize } from "../../core/formats/tensorWindow.js";
import type { TensorAction, TensorPlace, TensorScale, TensorToView, TensorWindow, ViewToTensor } from "../../core/protocol.js";
import { createVoice } from "../shellVoice.js";
import { watchTheme } from "../shellTheme.js";
import { compact } from "../text/number.js";
import { cellAt, census, indexText } from "./cells.js";
import { createFrame, type Frame } from "./frame.js";
import type { Spot } from "./heatmap.js";
import { editorKeys } from "./keys.js";
import { TensorModel } from "./model.js";
import { limitOf, startPlane, startScale, startTensor } from "./places.js";
import { pythonText } from "./python.js";
import { clampCorner, firstZoom, showCell, visible, wanted, zoomAt, type Corner, type Extent } from "./viewport.js";

export type EditorApi = {
  post(message: ViewToTensor): void;
  getState(): TensorPlace | undefined;
  setState(state: TensorPlace): void;
};

/** How long the reader's place rests before the host is told of it. */
const placeTime = 300;

/** The editor of a file of arrays: asks the host for windows and draws them. */
export class TensorEditor {
  private readonly model: TensorModel;
  private readonly theme = watchTheme(() => this.redraw());
  private readonly voice = createVoice(() => this.redraw());
  private bundle: Bundle = {};
  private frame: Frame | undefined;
  private setting = 2;
  private place: TensorPlace | undefined;
  private scale: TensorScale = "setting";
  private table = false;
  private filter = "";
  private corner: Corner | undefined;
  private cursor: Spot | null = null;
  private held = false;
  private due = false;
  /** The place is to be remembered once it is known. */
  private unkept = false;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly api: EditorApi,
  ) {
    this.model = new TensorModel(api.post, (opened) => (opened ? this.begin() : this.redraw()));
    window.addEventListener("resize", () => this.redraw());
  }

  report(error: unknown): void {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    this.api.post({ type: "error", message, stack });
    this.frame?.fault(this.t(msg("This view failed inside Lumen ({0}). The details are in the output channel Lumen.", message)));
  }

  receive(message: TensorToView): void {
    if (message.type === "init") return this.start(message);
    if (message.type === "notice") return this.voice.say(this.t(message.message));
    this.model.receive(message);
  }

  private readonly t = (message: Message): string => format(message, this.bundle);

  private start({ name, bundle, limit, place, language }: Extract<TensorToView, { type: "init" }>): void {
    this.bundle = bundle;
    this.setting = limit;
    this.place = this.api.getState() ?? place;
    this.model.name = name;
    this.table = this.place?.table === true;
    this.filter = this.place?.filter ?? "";
    document.documentElement.lang = language;
    this.frame = createFrame(this.root, this.t, name, limit, this.voice.element, {
      choose: (index) => {
        this.choose(index);
        this.keep();
      },
      filter: (filter) => {
        this.filter = filter;
        this.keep();
      },
      plane: (plane) => this.show(plane),
      scale: (scale) => {
        this.scale = scale;
        this.keep();
        this.redraw();
      },
      zoom: (by) => this.zoom(by),
      go: (row, col) => this.go({ row, col: col ?? this.cursor?.col ?? this.corner?.col ?? 0 }),
      table: () => this.toggleTable(),
      cursor: (spot, told) => {
        if (!this.held || told) this.point(spot, told);
      },
      hold: () => (this.held = true),
      corner: (corner) => this.move(corner),
      count: () => this.model.count(),
      stopCounting: () => this.model.stopCounting(),
      reload: () => {
        this.model.open();
        this.redraw();
      },
      action: (type) => this.act(type),
      python: () => this.copyPython(),
    });
    editorKeys(this.frame.heatmap.canvas, {
      spot: () => this.cursor,
      shown: () => this.shown(),
      go: (spot) => this.go(spot),
      leave: () => {
        this.held = false;
        this.point(null, false);
      },
      zoom: (by) => this.zoom(by),
      table: () => this.toggleTable(),
      jump: () => this.frame?.toolbar.focusGo(),
    });
    new ResizeObserver(() => this.redraw()).observe(this.frame.main);
    this.model.open();
    this.redraw();
  }

  /** The file has been opened: the reader goes where he was. */
  private begin(): void {
    const { opened } = this.model;
    if (opened) this.choose(startTensor(opened, this.place));
  }

  private choose(index: number): void {
    const tensor = this.model.opened?.tensors[index];
    if (!tensor) return;
    this.model.choose(index, startPlane(tensor, this.place));
    this.scale = startScale(tensor, this.place);
    this.corner = this.place?.tensor === tensor.name ? { row: this.place.row, col: this.place.col, zoom: this.place.zoom } : undefined;
    this.cursor = null;
    this.held = false;
    this.redraw();
  }

  private show(plane: Plane): void {
    const { model } = this;
    const turned = plane.rowAxis !== model.plane.rowAxis || plane.colAxis !== model.plane.colAxis;
    model.show(plane);
    // Another index of the same axes is looked at in the same place.
    if (turned) this.corner = undefined;
    if (turned) this.point(null, false);
    this.keep();
    this.redraw();
  }

  private shown(): { readonly extent: Extent; readonly corner: Corner } | undefined {
    const extent = this.extent();
    return extent && this.corner && { extent, corner: this.corner };
  }

  private extent(): Extent | undefined {
    const { tensor, plane } = this.model;
    if (!tensor || !this.frame || tensor.size === 0) return undefined;
    const size = planeSize(tensor, plane);
    const tallest = Math.max(220, Math.min(620, window.innerHeight - 360));
    return { ...size, ...this.frame.heatmap.room(this.frame.width(), tallest, this.theme.palette(), this.longestLabel(size.rows)) };
  }

  private longestLabel(rows: number): string {
    const { labels } = this.model.answer ?? {};
    return labels ? labels.reduce((a, b) => (b.length > a.length ? b : a), "") : String(Math.max(0, rows - 1));
  }

  private move(corner: Corner): void {
    this.corner = corner;
    this.keep();
    this.redraw();
  }

  private zoom(by: number, spot = this.cursor): void {
    const shown = this.shown();
    if (!shown) return;
    const zoomed = zoomAt(shown.extent, shown.corner, by, 0, 0);
    this.move(spot ? showCell(shown.extent, zoomed, spot.row, spot.col) : zoomed);
  }

  private go(spot: Spot): void {
    const shown = this.shown();
    if (!shown) return;
    const { extent, corner } = shown;
    const at = { row: Math.max(0, Math.min(extent.rows - 1, spot.row)), col: Math.max(0, Math.min(extent.cols - 1, spot.col)) };
    this.held = true;
    this.move(showCell(extent, corner, at.row, at.col));
    this.point(at, true);
  }

  private point(spot: Spot | null, told: boolean): void {
    if (this.cursor?.row === spot?.row && this.cursor?.col === spot?.col) return;
    this.cursor = spot;
    this.redraw();
    if (told) this.voice.announce(this.readout().text);
  }

  private toggleTable(): void {
    this.table = !this.table;
    this.keep();
    this.redraw();
  }

  private act(type: TensorAction): void {
    const { tensor, opened } = this.model;
    if (!tensor || !opened) return;
    const reason = type === "showAttention" ? undefined : type === "fitGmm" ? tensor.noTable : tensor.noRows;
    if (reason) return this.frame?.refuse(this.t(reason));
    this.frame?.refuse("");
    this.api.post({ type, tensor: tensor.name, only: opened.tensors.length === 1 });
  }

  private copyPython(): void {
    const { tensor, opened, plane, name } = this.model;
    const shown = this.shown();
    if (!tensor || !opened) return;
    const seen = shown ? visible(shown.extent, shown.corner) : { rowStart: 0, rowCount: 0, colStart: 0, colCount: 0 };
    this.api.post({ type: "copy", text: pythonText(name, opened, tensor, plane, seen) });
  }

  /** Remembers where the reader is. */
  private keep(): void {
    const { tensor, plane } = this.model;
    this.unkept = !tensor || !this.corner;
    if (!tensor || !this.corner) return;
    this.place = { tensor: tensor.name, ...plane, ...this.corner, scale: this.scale, table: this.table, filter: this.filter };
    this.api.setState(this.place);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.place && this.api.post({ type: "place", place: this.place }), placeTime);
  }

  private redraw(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.draw();
    });
  }

  private rowLabel(answer: TensorWindow | undefined, row: number): string {
    return answer?.labels?.[row - answer.window.rowStart] ?? String(row);
  }

  /** What is said of the cell that is pointed at. */
  private readout(): { readonly text: string; readonly more: string } {
    const { model, cursor } = this;
    const { tensor, plane, answer } = model;
    if (!tensor || !cursor) return { text: this.t(msg("Point at a cell, or walk with the arrow keys, to read its number.")), more: "" };
    const cell = cellAt(answer, tensor, cursor.row, cursor.col);
    const index = indexText(tensor, plane, cursor.row, cursor.col);
    const place = index === "" ? tensor.name : `[${index}]`;
    const word = answer?.labels ? `${this.rowLabel(answer, cursor.row)} · ` : "";
    if (!cell) return { text: this.t(msg("{0} is being read.", word + place)), more: "" };
    return { text: `${word}${place} = ${cell.text}`, more: cell.all === "" ? "" : this.t(msg("all digits: {0}", cell.all)) };
  }

  private draw(): void {
    const { model, frame } = this;
    if (!frame) return;
    const { tensor, plane, opened } = model;
    const palette = this.theme.palette();
    frame.drawFile({ model, tensor, filter: this.filter, notice: this.voice.notice, palette, table: this.table });
    const extent = this.extent();
    if (!tensor || !opened || !extent) return frame.drawWindow(undefined);
    this.corner = clampCorner(extent, this.corner ?? { row: 0, col: 0, zoom: firstZoom(extent) });
    if (this.unkept) this.keep();
    const { corner } = this;
    const seen = visible(extent, corner);
    model.need(seen, wanted(extent, corner));
    const { answer, counting } = model;
    const found = answer ? census(answer, seen) : { nan: 0, infinite: 0, largest: 0 };
    const known = counting.kind === "done" || counting.kind === "running" ? counting.known : undefined;
    const limit = limitOf(this.scale, this.setting, found.largest, known && Math.max(-known.min, known.max));
    frame.drawWindow({
      tensor, plane, extent, corner, seen, answer, limit, palette, found,
      scale: this.scale,
      table: this.table,
      cursor: this.cursor,
      readout: this.readout(),
      label: this.t(this.label(seen, extent)),
      rowLabel: (row) => this.rowLabel(answer, row),
    });
  }

  private label(seen: { rowStart: number; rowCount: number; colStart: number; colCount: number }, extent: Extent): Message {
    const range = (start: number, count: number): string => `${compact(start)}–${compact(start + Math.max(1, count) - 1)}`;
    return msg("Rows {0} of {1}, columns {2} of {3}.", range(seen.rowStart, seen.rowCount), compact(extent.rows), range(seen.colStart, seen.colCount), compact(extent.cols));
  }
}
