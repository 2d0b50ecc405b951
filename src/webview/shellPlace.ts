/** Where the reader stands among the steps of the shown trace. */
export class Place {
  #step = 0;
  /** At the last step, so that the next trace is shown at its end too. */
  #atEnd = true;
  #pausedAt: number | undefined;

  get step(): number {
    return this.#step;
  }

  /** The view has stopped the player at this step. */
  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  pause(step: number): void {
    this.#pausedAt = step;
  }

  /** Another trace is shown, with this last step; `saved` is where the reader stood before a reload. */
  arrive(last: number, saved: number | undefined): void {
    this.#step = saved !== undefined ? Math.min(saved, last) : this.#atEnd ? last : Math.min(this.#step, last);
    this.#atEnd = this.#step >= last;
  }

  resume(): void {
    this.#pausedAt = undefined;
  }

  /** Goes to a step, as far as there are steps; false where that is where the reader stands. */
  go(step: number, last: number): boolean {
    const next = Math.max(0, Math.min(last, step));
    if (next === this.#step) return false;
    this.#step = next;
    this.#atEnd = next >= last;
    if (next !== this.#pausedAt) this.resume();
    return true;
  }
}
