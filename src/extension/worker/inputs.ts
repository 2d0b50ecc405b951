import type { Problem } from "../../core/contract/index.js";
import { byteSize } from "./buffers.js";

type Held = {
  readonly uri: string;
  readonly input: unknown;
  readonly problems: readonly Problem[];
  readonly bytes: number;
};

/** Contents that are not kept beside newer ones of the same source. */
const large = 32 * 2 ** 20;

/**
 * The inputs parsed last, so that a change of a parameter does not read a large file again. A few small ones are kept;
 * of large ones only the newest.
 */
export type Inputs = {
  get(key: string): Held | undefined;
  put(key: string, uri: string, input: unknown, problems: readonly Problem[]): void;
  /** Lets go of large older contents of a source, before its newer ones take memory. */
  forget(uri: string): void;
  /** Everything held, which must not be handed over with a trace. */
  all(): readonly unknown[];
};

export function createInputs(maxCount = 4, maxBytes = 256 * 2 ** 20): Inputs {
  const held = new Map<string, Held>(); // the newest last
  const trim = () => {
    let bytes = 0;
    for (const each of held.values()) bytes += each.bytes;
    for (const [key, each] of held) {
      if (held.size === 1 || (held.size <= maxCount && bytes <= maxBytes)) return;
      held.delete(key);
      bytes -= each.bytes;
    }
  };
  return {
    get(key) {
      const found = held.get(key);
      if (found) {
        held.delete(key);
        held.set(key, found);
      }
      return found;
    },
    put(key, uri, input, problems) {
      held.delete(key);
      held.set(key, { uri, input, problems, bytes: byteSize(input) });
      trim();
    },
    forget(uri) {
      for (const [key, each] of held) if (each.uri === uri && each.bytes > large) held.delete(key);
    },
    all: () => [...held.values()].map((each) => each.input),
  };
}
