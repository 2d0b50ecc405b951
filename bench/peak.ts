import { kernels } from "../src/core/kernels/current.js";

/** Ten sums that don't wait for each other, four numbers each: what a processor does at most in vectors of 128 bits. */
const source = (madd: string) => {
  const sums = Array.from({ length: 10 }, (_, i) => `s${i}`);
  return `export function sum(rounds: i32, x: f32): f32 {
    const a = f32x4.splat(x), b = f32x4.splat(x / 2);
    let ${sums.map((s) => `${s} = a`).join(", ")};
    for (let i = 0; i < rounds; i++) { ${sums.map((s) => `${s} = ${madd.replaceAll("c", s)};`).join(" ")} }
    return f32x4.extract_lane(${sums.reduce((all, s) => `f32x4.add(${all}, ${s})`)}, 0);
  }`;
};

/** GFLOP/s of one thread with the instructions of the build in use, which no product of WebAssembly can be faster than; undefined for TypeScript. */
export async function peak(): Promise<number | undefined> {
  const { implementation } = kernels();
  if (implementation === "typescript") return undefined;
  const { compileString } = await import("assemblyscript/asc");
  const madd = implementation === "relaxed" ? "f32x4.relaxed_madd(a, b, c)" : "f32x4.add(f32x4.mul(a, b), c)";
  const { error, binary } = await compileString(source(madd), { optimizeLevel: 3, runtime: "stub", enable: ["simd", "relaxed-simd"] });
  if (error || !binary) throw error ?? new Error("nothing compiled");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(binary)), { env: { abort() {} } });
  const sum = exports.sum as (rounds: number, x: number) => number;
  const rounds = 1e6;
  let least = Infinity;
  for (let i = 0; i < 40; i++) {
    const begin = performance.now();
    sum(rounds, 1e-3);
    least = Math.min(least, performance.now() - begin);
  }
  return (rounds * 10 * 4 * 2) / least / 1e6;
}
