import type { Task } from "../../../src/core/kernels/pieces.js";

export type MoodInput = {
  /** That of the first helper that comes; the others are good. */
  readonly mood: "good" | "throw" | "exit" | "hang" | "endless";
  /** [pieces] the square of each piece's number. */
  readonly out: Float64Array;
  /** How many helpers shall come before any piece is done. */
  readonly wanted: number;
  /** [1] how many have come. */
  readonly came: Int32Array;
};

function* square({ out, wanted, came }: MoodInput, piece: number): Generator<void, void, void> {
  for (let n = Atomics.load(came, 0); n < wanted; n = Atomics.load(came, 0)) {
    if (Atomics.wait(came, 0, n, 30_000) === "timed-out") throw new Error("No helper came.");
  }
  yield;
  out[piece] = piece * piece;
}

/** What a helper does under this name. */
export const moods: Task<MoodInput> = {
  name: "moods",
  open(input) {
    const first = Atomics.add(input.came, 0, 1) === 0;
    Atomics.notify(input.came, 0);
    const mood = first ? input.mood : "good";
    return function* (piece) {
      if (mood === "throw") throw new Error("in a bad mood");
      if (mood === "exit") process.exit(3);
      if (mood === "hang") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      while (mood === "endless") yield;
      yield* square(input, piece);
    };
  },
};

/** What the thread that asks does under this name. */
export const patient: Task<MoodInput> = { name: moods.name, open: (input) => (piece) => square(input, piece) };
