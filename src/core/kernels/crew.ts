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
  /** Whether threads can share memory here, without which there are no helpers. */
  readonly sharing: boolean;
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
  return new Float64Array(roomOf(8 * length, crew().helpers > 0 && length >= worthSharing));
}

/**
 * So many zero bytes: where every thread reaches them if that is wanted and the host has room there, and this thread's own if not.
 * @throws RangeError when there is no room at all
 */
export function roomOf(bytes: number, shared: boolean): ArrayBuffer | SharedArrayBuffer {
  return (shared ? sharedRoom(bytes) : undefined) ?? new ArrayBuffer(bytes);
}

/** So many zero bytes that every thread reaches; undefined where the host has no such memory, or no room there. */
export function sharedRoom(bytes: number): SharedArrayBuffer | undefined {
  if (typeof SharedArrayBuffer !== "function") return undefined;
  try {
    return new SharedArrayBuffer(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function isShared(array: ArrayBufferView): boolean {
  return !(array.buffer instanceof ArrayBuffer);
}

/** Numbers copied between two yields. */
const COPIED = 1 << 20;

/** The first `length` numbers where helpers read them: as given, or a copy; as given too where there is no room for one. */
export function* valuesToShare<T extends Float32Array | Float64Array>(values: T, length: number): Generator<void, T, void> {
  if (isShared(values)) return values;
  const room = sharedRoom(values.BYTES_PER_ELEMENT * length);
  if (!room) return values;
  const copy = new (values.constructor as new (room: SharedArrayBuffer) => T)(room);
  for (let from = 0; from < length; from += COPIED) {
    copy.set(values.subarray(from, Math.min(length, from + COPIED)), from);
    yield;
  }
  return copy;
}
