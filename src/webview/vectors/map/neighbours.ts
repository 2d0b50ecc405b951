import { finish } from "../../../core/steps.js";
import { nearestOnMap } from "../../../core/vectors/map/nearest.js";
import { rowPoints } from "../../../core/vectors/map/points.js";
import type { MapPart, VectorReply, VectorsTrace } from "../../../core/vectors/trace.js";
import type { ViewHost } from "../../view.js";

/** How many neighbours are shown. */
export const shownNeighbours = 10;
/** Answers that are kept, for the table and for ways back. */
const KEPT = 500;

/** The neighbours of points in the original space: by core where the numbers are here, else asked for, one question at a time. */
export class Neighbours {
  private answers = new Map<number, VectorReply>();
  private map: MapPart | undefined;
  private trace: VectorsTrace | undefined;
  private wanted: number[] = [];
  private asking = false;

  constructor(
    private readonly host: ViewHost,
    private readonly arrived: () => void,
  ) {}

  /** A trace is drawn: answers about other points are forgotten. */
  update(trace: VectorsTrace): void {
    const { map } = trace;
    if (map && this.map && sameVectors(map, this.map)) [this.map, this.trace] = [map, trace];
    else {
      this.answers = new Map();
      [this.map, this.trace] = [map, trace];
      this.wanted = [];
    }
  }

  /** The neighbours of a point, or undefined as long as they are not known; they are asked for then. */
  of(point: number, urgent = true): VectorReply | undefined {
    const known = this.answers.get(point);
    if (known || !this.map || !this.trace) return known;
    const { values } = this.trace;
    if (values && this.map.points === "rows") return this.keep(this.byCore(values, point));
    if (urgent) this.wanted = [point, ...this.wanted.filter((other) => other !== point)].slice(0, 60);
    else if (!this.wanted.includes(point)) this.wanted.push(point);
    void this.ask();
    return undefined;
  }

  /** Forgets questions that have not been put, such as of points the pointer has left. */
  drop(): void {
    this.wanted = [];
  }

  private byCore(values: Float32Array | Float64Array, point: number): VectorReply {
    const { names, n, d } = this.trace!;
    // All of the map's points are rows of the trace: what was left out of it is left out again.
    const params = { projection: this.map!.projection, map_rows: this.map!.m };
    return finish(nearestOnMap(rowPoints({ n, d, names, values }), params, point, shownNeighbours, () => performance.now()));
  }

  private keep(reply: VectorReply): VectorReply {
    this.answers.set(reply.point, reply);
    for (const old of this.answers.keys()) if (this.answers.size > KEPT) this.answers.delete(old);
    return reply;
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let point = this.wanted.shift(); point !== undefined; point = this.wanted.shift()) {
        const { map } = this;
        const reply = (await this.host.ask({ kind: "nearest", point, k: shownNeighbours })) as VectorReply | undefined;
        if (reply?.kind === "nearest" && this.map && map && sameVectors(map, this.map)) {
          this.keep(reply);
          this.arrived();
        } else if (!reply) break; // Overtaken: whoever draws next asks again.
      }
    } finally {
      this.asking = false;
    }
  }
}

function sameVectors(a: MapPart, b: MapPart): boolean {
  return a === b || (a.projection === b.projection && a.points === b.points && a.m === b.m && a.total === b.total && a.names[0] === b.names[0] && a.names[a.m - 1] === b.names[b.m - 1]);
}
