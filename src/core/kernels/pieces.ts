import { crew, type Job } from "./crew.js";

/**
 * Work that is cut into pieces which any thread may do, in any order. A piece is calculated apart and then written to a place
 * of its own in shared memory: the same numbers whoever does it, and no harm if two threads do.
 */
export type Task<I> = {
  readonly name: string;
  /** @returns what does a piece, in steps of a few milliseconds */
  open(input: I): (piece: number) => Iterable<void>;
};

/** The board of a job: the next piece that nobody has taken, whether all is abandoned, steps of helpers, and how far each piece is. */
const next = 0;
const abandoned = 1;
const steps = 2;
const first = 3;
const open = 0;
const done = 1;
const failed = 2;

/** How long this thread waits for a helper's piece before it lets messages in, and how often without a step before it does the piece itself. */
const waitTime = 5;
const patience = 40;

/**
 * Does all pieces, with the crew where there is one; each thread takes the next piece when it has done one. What helpers leave
 * undone, because they throw, die or are late, is done here. Yields every few milliseconds how many pieces are taken; when it is
 * returned early, helpers stop at their next step.
 * @param helped whether helpers can reach what `input` holds
 * @returns false when a helper may still write: the shared memory of this job must not be used for another
 */
export function* inPieces<I>(task: Task<I>, input: I, pieces: number, helped = true): Generator<number, boolean, void> {
  const doPiece = task.open(input);
  if (!helped || crew().helpers === 0 || pieces < 2) {
    for (let piece = 0; piece < pieces; piece++) {
      if (piece > 0) yield piece;
      for (const _ of doPiece(piece)) yield piece;
    }
    return true;
  }
  const board = new Int32Array(new SharedArrayBuffer(4 * (first + pieces)));
  crew().call({ task: task.name, input, board });
  try {
    for (let piece = take(board); piece < pieces; piece = take(board)) {
      for (const _ of doPiece(piece)) yield taken(board);
      finish(board, piece, done);
      yield taken(board);
    }
    let late = 0;
    for (let piece = 0; piece < pieces; piece++) {
      for (const _ of wait(board, piece)) yield pieces;
      const state = Atomics.load(board, first + piece);
      if (state === open) late++;
      if (state !== done) for (const _ of doPiece(piece)) yield pieces;
    }
    return late === 0;
  } finally {
    Atomics.store(board, abandoned, 1);
  }
}

/** A helper's part of a job; calls `stepped` after every step. @throws what the task throws; the piece is then known to be undone */
export function takePart({ task: name, input, board }: Job, tasks: readonly Task<never>[], stepped: () => void): void {
  const pieces = board.length - first;
  const step = () => {
    Atomics.add(board, steps, 1);
    stepped();
  };
  let piece = take(board);
  if (piece >= pieces || isAbandoned(board)) return;
  try {
    const task = tasks.find((each) => each.name === name);
    if (!task) throw new Error(`There is no task ${name}`);
    const doPiece = task.open(input as never);
    for (; piece < pieces; piece = take(board)) {
      for (const _ of doPiece(piece)) {
        step();
        if (isAbandoned(board)) return;
      }
      finish(board, piece, done);
      step();
      if (isAbandoned(board)) return;
    }
  } catch (error) {
    finish(board, piece, failed);
    throw error;
  }
}

/** Whether the thread that asked has ended the job, done or not. */
export function isAbandoned(board: Int32Array): boolean {
  return Atomics.load(board, abandoned) === 1;
}

function take(board: Int32Array): number {
  return Atomics.add(board, next, 1);
}

function taken(board: Int32Array): number {
  return Math.min(Atomics.load(board, next), board.length - first);
}

function finish(board: Int32Array, piece: number, state: typeof done | typeof failed): void {
  Atomics.store(board, first + piece, state);
  Atomics.notify(board, first + piece);
}

/** Until a piece is done or failed, or no helper gets on. */
function* wait(board: Int32Array, piece: number): Generator<void, void, void> {
  let seen = Atomics.load(board, steps);
  for (let waits = 0; waits < patience && Atomics.load(board, first + piece) === open; waits++) {
    if (Atomics.wait(board, first + piece, open, waitTime) === "timed-out") yield;
    const now = Atomics.load(board, steps);
    if (now !== seen) waits = -1;
    else if (Atomics.load(board, first + piece) === open) crew().stalled();
    seen = now;
  }
}
