import type { MapPart } from "../../../core/vectors/trace.js";
import { extentOf, joined, type Extent } from "./viewport.js";

const none: readonly number[] = [];

/** The layouts of a map by step, between two of them as well, and the extent that holds them all. */
export class Layouts {
  extent: Extent = [-1, 1, -1, 1];
  private last: Extent = [-1, 1, -1, 1];
  private map: MapPart | undefined;
  private step = Number.NaN;
  private positions: Float32Array = new Float32Array(0);
  private marks: { readonly map: MapPart; readonly mask: Uint8Array; readonly points: readonly number[] } | undefined;

  /** [m, 2] the same array as long as nothing has changed. */
  at(map: MapPart, step: number): Float32Array {
    if (map === this.map && step === this.step) return this.positions;
    const size = 2 * map.m;
    if (map !== this.map) this.last = extentOf(map.positions.subarray(map.positions.length - size));
    const low = Math.floor(step);
    const share = step - low;
    const from = map.positions.subarray(low * size, (low + 1) * size);
    if (share === 0) this.positions = from;
    else {
      const to = map.positions.subarray((low + 1) * size, (low + 2) * size);
      this.positions = from.map((value, at) => value + share * (to[at] - value));
    }
    this.extent = this.extentFor(map, this.positions);
    [this.map, this.step] = [map, step];
    return this.positions;
  }

  /** Points of the source among those of a store, drawn larger. */
  marked(map: MapPart): Uint8Array {
    return this.marksOf(map).mask;
  }

  markedPoints(map: MapPart): readonly number[] {
    return map.points === "store" ? this.marksOf(map).points : none;
  }

  private marksOf(map: MapPart): { readonly mask: Uint8Array; readonly points: readonly number[] } {
    if (this.marks?.map !== map) {
      const mask = Uint8Array.from(map.rows, (row) => (row >= 0 ? 1 : 0));
      const points: number[] = [];
      for (let i = 0; i < map.m && points.length < 200; i++) if (mask[i]) points.push(i);
      this.marks = { map, mask, points };
    }
    return this.marks;
  }

  /**
   * Holds the layout shown and the last one, so that nothing is out of sight in play and the end fills the plot: these axes have
   * no unit, so they need not stand still. That of a layout which still grows moves by leaps.
   */
  private extentFor(map: MapPart, positions: Float32Array): Extent {
    const own = extentOf(positions);
    if (map.iterations.length > 1) return joined(own, this.last);
    if (map.finished || this.map?.finished !== false || this.map.m !== map.m || this.map.projection !== map.projection) return own;
    const [left, right, low, high] = this.extent;
    const span = Math.max(own[1] - own[0], own[3] - own[2]);
    if (own[0] >= left && own[1] <= right && own[2] >= low && own[3] <= high && span * 1.6 > Math.max(right - left, high - low)) return this.extent;
    const pad = 0.12 * span;
    return [own[0] - pad, own[1] + pad, own[2] - pad, own[3] + pad];
  }
}
