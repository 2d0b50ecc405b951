import type { Values } from "../core/protocol.js";

/**
 * The parameters of the next run. Those that the view has asked to run with stay until a run of them begins: runs of what it
 * asked for before, which begin meanwhile, do not turn its controls back.
 */
export class Wanted {
  #values: Values | undefined;
  #asked: Values | undefined;

  get values(): Values | undefined {
    return this.#values;
  }

  /** The view asks for a run. */
  ask(values: Values): void {
    this.#values = this.#asked = values;
  }

  /** A run with these parameters has begun. */
  began(params: Values): void {
    if (this.#asked && !holds(params, this.#asked)) return;
    this.take(params);
  }

  /** From now on it is these; undefined, when nothing is known. */
  take(values: Values | undefined): void {
    this.#asked = undefined;
    this.#values = values;
  }
}

/** Whether parameters have all those values. */
function holds(params: Values, values: Values): boolean {
  return Object.entries(values).every(([name, value]) => params[name] === value || JSON.stringify(params[name]) === JSON.stringify(value));
}
