import type { Progress } from "../contract/index.js";

/** Numbers of maps that are remembered of one source. */
export const REMEMBERED = 2 ** 24;

/** Maps that were made once, as many as fit; the others are made again each time. */
export class MapMemory {
  private readonly maps = new Map<number, Float32Array>();

  /** @param size of a map, in numbers */
  constructor(private readonly size: number) {}

  *take(place: number, make: () => Generator<Progress, Float32Array, void>): Generator<Progress, Float32Array, void> {
    const known = this.maps.get(place);
    if (known) return known;
    const map = yield* make();
    if ((this.maps.size + 1) * this.size <= REMEMBERED) this.maps.set(place, map);
    return map;
  }
}
