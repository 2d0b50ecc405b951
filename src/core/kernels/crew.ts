/** What threads that help are told of a job. */
export type Job = {
  /** The name of one of `tasks`. */
  readonly task: string;
  /** Plain values and views of shared buffers. */
  readonly input: unknown;
  /** Who does what: see pieces.ts. */
  readonly board: Int32Array;
};

/** Threads that help this one, as the host has them. */
export interface Crew {
  /** How many may help; 0 where there are none. */
  readonly helpers: number;
  /** Asks those that are free to take part in a job. Returns at once; whether any comes, and when, is left open. */
  call(job: Job): void;
  /** Is told that a helper which has taken something does not get on with it: the machine is busy with other things. */
  stalled(): void;
}

/** For diagnostics. */
export type CrewState = {
  /** Helpers that may be used, and those that are there at present. */
  readonly helpers: number;
  readonly running: number;
  /** Jobs that they were told of. */
  readonly jobs: number;
  /** Steps that helpers have taken; grows with what they do, whatever they do. */
  readonly steps: number;
  /** How often one did not get on with what it had taken. */
  readonly stalls: number;
  /** Why helpers were given up: English, for the log. */
  readonly lost: readonly string[];
};

const nobody: Crew = { helpers: 0, call() {}, stalled() {} };

let inUse = nobody;

/** Who helps this thread. */
export function crew(): Crew {
  return inUse;
}

/** Set once, when the thread starts; without it nobody helps. */
export function useCrew(hired: Crew = nobody): void {
  inUse = hired;
}

/** Fewer numbers are copied when they are needed rather than laid out for helpers from the start. */
const worthSharing = 65_536;

/** Zeros, where helpers can read them if there are helpers and the numbers are many. */
export function doublesToShare(length: number): Float64Array {
  return crew().helpers > 0 && length >= worthSharing ? sharedDoubles(length) : new Float64Array(length);
}

/** Zeros that every thread can read and write. */
export function sharedDoubles(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

export function isShared(array: ArrayBufferView): boolean {
  return !(array.buffer instanceof ArrayBuffer);
}
