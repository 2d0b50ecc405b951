import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { useCrew, type Job } from "../../../src/core/kernels/crew.js";
import { kernels } from "../../../src/core/kernels/current.js";
import { isAbandoned, takePart } from "../../../src/core/kernels/pieces.js";
import { tasks } from "../../../src/core/kernels/tasks.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { vectors } from "../../../src/core/vectors/explainer.js";
import { metrics, type Metric, type Rows } from "../../../src/core/vectors/similarity.js";
import { similarityMatrix } from "../../../src/core/vectors/similarityMatrix.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { oddRows, under } from "../kernels/vectorSupport.js";
import { finish } from "./mapSupport.js";
import { envOf, paramsOf, textOf } from "./support.js";

const use = crewOf();

/** Enough for helpers to be asked, and no multiple of any block. */
const rowsFor = (n: number, d: number): Rows => ({ n, d, values: oddRows(n, d, n) });
const long = () => (kernels().implementation === "typescript" ? rowsFor(403, 203) : rowsFor(1203, 147));

/** The undefined rows and the bytes of the matrix: what differs is not told cell by cell. */
function made(rows: Rows, metric: Metric): string {
  const { undefinedRows, values } = finish(similarityMatrix(rows, metric));
  return `${undefinedRows.join(" ")}: ${digest(values)}`;
}

function digest({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash("sha256").update(new Uint8Array(buffer, byteOffset, byteLength)).digest("hex");
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a matrix of similarities", () => {
  test.each(metrics)("is the same bit by bit when threads share it: %s", async (metric) => {
    const rows = long();
    useCrew();
    const alone = made(rows, metric);
    const { state } = use({ size: 2 });
    // The first may be over before a helper has started.
    await until("help", () => {
      expect(made(rows, metric)).toBe(alone);
      return state().steps > 10;
    });
    expect(state().lost).toEqual([]);
  });

  test("is done by helpers alone as by this thread", () => {
    const rows = long();
    for (const [metric, asked] of [["cosine", 1], ["spearman", 2]] as const) {
      const alone = made(rows, metric);
      let jobs = 0;
      const helper = { helpers: 1, call: (job: Job) => void (jobs++, takePart(job, tasks(), () => undefined)), stalled() {} };
      useCrew(helper);
      expect(made(rows, metric)).toBe(alone);
      expect(jobs).toBe(asked);
      useCrew();
    }
  });

  test("sends helpers nothing of the rows but their numbers", () => {
    const sent: object[] = [];
    useCrew({ helpers: 1, call: ({ input }) => void sent.push(input as object), stalled() {} });
    const rows = { ...long(), whole: { word: () => "can't be sent" } };
    for (const metric of ["cosine", "spearman"] as const) finish(similarityMatrix(rows, metric));
    expect(sent.map((input) => structuredClone(input))).toHaveLength(3);
  });

  test("is given up by helpers when the run that draws it is", () => {
    const boards: Int32Array[] = [];
    useCrew({ helpers: 1, call: ({ board }) => void boards.push(board), stalled() {} });
    const { n, d } = long();
    const lines = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, j) => (i * 31 + j * 17) % 97).join(" "));
    const parsed = finish(vectors.parse(textOf(lines.join("\n"))));
    if (!parsed.ok) throw new Error("no vectors");
    const running = vectors.run(parsed.input, paramsOf({ tab: "heatmap", rows: n, metric: "spearman" }), envOf());
    while (boards.length < 2) expect(running.next().done).toBe(false);
    running.return(undefined as never);
    expect(boards.map(isAbandoned)).toEqual([true, true]);
  });

  test("is its caller's own when a helper is late", () => {
    const rows = long();
    const alone = made(rows, "cosine");
    const given: { values?: Float32Array }[] = [];
    // One that takes a piece and is not heard of again.
    useCrew({ helpers: 1, call: ({ board, input }) => void (Atomics.add(board, 0, 1), given.push(input as object)), stalled() {} });
    const { undefinedRows, values } = finish(similarityMatrix(rows, "cosine"));
    given.at(-1)!.values!.fill(7);
    expect(`${undefinedRows.join(" ")}: ${digest(values)}`).toBe(alone);
  });

  test("is made by this thread alone where the host gives no shared memory", () => {
    const rows = long();
    const alone = made(rows, "spearman");
    let jobs = 0;
    useCrew({ helpers: 1, call: () => void jobs++, stalled() {} });
    vi.stubGlobal("SharedArrayBuffer", function () {
      throw new RangeError("Array buffer allocation failed");
    });
    expect(made(rows, "spearman")).toBe(alone);
    expect(jobs).toBe(0);
  });

  test("is done alone when it is short, and where the kernels have no room", () => {
    let called = 0;
    useCrew({ helpers: 1, call: () => void called++, stalled() {} });
    finish(similarityMatrix(rowsFor(200, 40), "cosine"));
    expect(called).toBe(0);
    const own = kernels();
    const full = () => {
      throw new RangeError("full");
    };
    const rows = long();
    const found = under({ ...own, vectors: { ...own.vectors, pairs: full } }, () => made(rows, "spearman"));
    expect(called).toBe(1); // the rows alone are ranked together
    useCrew();
    expect(found).toBe(under(typescript, () => made(rows, "spearman")));
  });
});
