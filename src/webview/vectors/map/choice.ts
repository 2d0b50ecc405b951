import type { Span } from "../../../core/contract/index.js";
import type { MapPart, VectorsTrace } from "../../../core/vectors/trace.js";

type Path = readonly (readonly [number, number])[];

/** What the reader has chosen of a map's points. Nothing is drawn or said here. */
export class Choice {
  /** The point under the pointer or the keyboard's cursor. */
  pointed: number | null = null;
  /** The point that stays shown when the pointer leaves. */
  held: number | null = null;
  /** The neighbour that the list beside the map points at. */
  lit: number | null = null;
  /** The lasso in the plane, and the points inside once it is closed. */
  lasso: Path | null = null;
  caught: Int32Array | null = null;
  mask: Uint8Array | null = null;
  private map: MapPart | undefined;

  /** Another map: points are kept by name, as far as they are there; what was circled is not. Returns whether it is of other points. */
  adopt(next: MapPart): boolean {
    const { map } = this;
    if (next === map) return false;
    const again = (point: number | null): number | null => {
      if (point === null || !map) return null;
      if (next.names[point] === map.names[point]) return point;
      const at = next.names.indexOf(map.names[point]);
      return at < 0 ? null : at;
    };
    [this.pointed, this.held] = [again(this.pointed), again(this.held)];
    this.map = next;
    this.lit = null;
    this.circle(null, null);
    return map !== undefined && (map.projection !== next.projection || map.m !== next.m);
  }

  circle(lasso: Path | null, caught: Int32Array | null): void {
    this.lasso = lasso;
    this.caught = caught;
    this.mask = caught && this.map ? new Uint8Array(this.map.m) : null;
    if (this.mask) for (const point of caught ?? []) this.mask[point] = 1;
  }

  /** The row of a point in the source; −1 where it has none. */
  rowOf(point: number | null): number {
    return point === null ? -1 : (this.map?.rows[point] ?? -1);
  }

  /** Where the rows of the caught points stand in the text, in its order. */
  spans({ spans }: VectorsTrace): Span[] {
    if (!spans || !this.caught) return [];
    const rows = Array.from(this.caught, (point) => this.rowOf(point)).filter((row) => row >= 0).sort((a, b) => a - b);
    return rows.map((row) => ({ start: spans[2 * row], end: spans[2 * row + 1] })).filter(({ start, end }) => end > start);
  }
}
