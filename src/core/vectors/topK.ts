export type Neighbour = { readonly index: number; readonly score: number };

/** The `size` largest scores seen, kept in a heap with the least on top. Equal scores: the earlier row wins. */
export class TopK {
  private readonly scores: Float64Array;
  private readonly indices: Int32Array;
  private count = 0;

  constructor(readonly size: number) {
    this.scores = new Float64Array(size);
    this.indices = new Int32Array(size);
  }

  /** The score that a row must pass to be kept. */
  get threshold(): number {
    return this.count < this.size ? Number.NEGATIVE_INFINITY : this.scores[0];
  }

  /** Rows come in ascending order; a NaN is never kept. */
  offer(index: number, score: number): void {
    if (!(score > this.threshold) || this.size === 0) return;
    let place = this.count < this.size ? this.count++ : 0;
    if (place > 0 || this.count === 1) {
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!this.worse(score, index, this.scores[parent], this.indices[parent])) break;
        this.put(place, this.indices[parent], this.scores[parent]);
        place = parent;
      }
    } else {
      for (;;) {
        let child = 2 * place + 1;
        if (child >= this.count) break;
        const other = child + 1;
        if (other < this.count && this.worse(this.scores[other], this.indices[other], this.scores[child], this.indices[child])) child = other;
        if (!this.worse(this.scores[child], this.indices[child], score, index)) break;
        this.put(place, this.indices[child], this.scores[child]);
        place = child;
      }
    }
    this.put(place, index, score);
  }

  /** What was kept, best first. */
  sorted(): Neighbour[] {
    const kept = Array.from({ length: this.count }, (_, i) => ({ index: this.indices[i], score: this.scores[i] }));
    return kept.sort((a, b) => b.score - a.score || a.index - b.index);
  }

  private put(place: number, index: number, score: number): void {
    this.indices[place] = index;
    this.scores[place] = score;
  }

  private worse(scoreA: number, indexA: number, scoreB: number, indexB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && indexA > indexB);
  }
}
