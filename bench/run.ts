import { kernels } from "../src/core/kernels/current.js";
import "../test/support/useKernels.js";
import { benches } from "./benches.js";
import { parts } from "./parts.js";

/**
 * `npm run bench -- NAME…`: runs benches and prints one JSON line a case, `{"case", "ours_ms", "peer", "peer_ms", "ratio"}`,
 * medians measured in turn in this one run, one thread each, and which kernels were used (LUMEN_KERNELS chooses). Without the
 * peer, `peer_ms` and `ratio` are null and the line says so. Progress goes to the error stream.
 */
async function main(names: readonly string[]): Promise<number> {
  const known = Object.keys(benches);
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length > 0) {
    console.error(`There is no bench ${wrong.join(", ")}. There are: ${known.join(", ")}.`);
    return 2;
  }
  let failed = 0;
  for (const name of names.length > 0 ? names : known) {
    for await (const line of benches[name]()) {
      console.log(JSON.stringify({ ...line, kernels: kernels().implementation }));
      if (line.failed) failed++;
    }
  }
  return failed === 0 ? 0 : 1;
}

/** A part of a bench, in a process of its own: see `runPart`. */
function part([name, ...args]: readonly string[]): number {
  console.log(JSON.stringify(parts[name](...args)));
  return 0;
}

const [first, ...rest] = process.argv.slice(2);
process.exitCode = first === "--part" ? part(rest) : await main(process.argv.slice(2));
