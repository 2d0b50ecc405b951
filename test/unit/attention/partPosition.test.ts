import { describe, expect, it } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { positionStory } from "../../../src/core/attention/storyPosition.js";
import { ropePlan, ropeRotate } from "../../../src/core/attention/rope.js";
import type { AttentionParams } from "../../../src/core/attention/params.js";
import type { AttentionTrace, PositionPart } from "../../../src/core/attention/trace.js";
import { run, textSource, tiny } from "./readingSupport.js";

function traced(patch: Partial<AttentionParams> = {}, source = textSource("Some text.")): AttentionTrace {
  const outcome = run(source, { tab: "position", ...patch });
  if (!outcome.ok) throw new Error("It was refused.");
  return outcome.trace;
}
const partOf = (patch: Partial<AttentionParams> = {}): PositionPart => traced(patch).position!;
const curve = ({ curves }: PositionPart, name: string) => curves.find((each) => each.name === name)!;

describe("the Position tab's part", () => {
  it("makes position 10000 of 16384 on 2048 to 1250, and slows the slowest pair as much by a larger base", () => {
    const part = partOf({ position: 10000, max_position_embeddings: 2048, target_length: 16384 });
    expect([part.factor, part.interpolated]).toEqual([8, 1250]);
    const [plain, linear, ntk] = part.schemes;
    expect(plain.frequencies).toHaveLength(32);
    expect(linear.angles[0]).toBeCloseTo(1250, 9);
    expect(linear.frequencies[5] * 8).toBeCloseTo(plain.frequencies[5], 12);
    // NTK-aware scaling: the fastest pair as before, the slowest as under interpolation.
    expect(ntk.angles[0]).toBeCloseTo(10000, 9);
    expect(ntk.frequencies[31] * 8).toBeCloseTo(plain.frequencies[31], 12);
    expect(Math.log(part.ntkBase / 10000)).toBeCloseTo((64 / 62) * Math.log(8), 12);
  });

  it("tells that in its headline, with the numbers of the sliders", () => {
    const said = (patch: Partial<AttentionParams>) => {
      const { title, lede } = positionStory(traced(patch));
      return [format(title), lede.map(({ text }) => format(text)).join("")];
    };
    expect(said({ position: 10000 })[0]).toBe("16,384 positions on 2048: position 10,000 becomes 1250");
    expect(said({ position: 12 })[0]).toBe("16,384 positions on 2048: position 12 becomes 1.5");
    expect(said({ position: 10000 })[1]).toContain("divides positions by 8 = 16,384 / 2048");
    // 10,000 radians are 1591.55 turns.
    expect(said({ position: 10000 })[1]).toContain("the fastest of 32 pairs has turned 1592 times");
    expect(said({ position: 5, target_length: 1024 })[0]).toBe("Position 5 stays 5");
  });

  it("shows sinusoidal codes around the position", () => {
    const { places, sinusoidal, hiddenSize } = partOf({ position: 1000, hidden_size: 8 });
    const row = places.indexOf(1000);
    expect(row).toBeGreaterThan(0);
    for (let i = 0; i < 4; i++) {
      const angle = 1000 / 10000 ** ((2 * i) / 8);
      expect(sinusoidal[row * hiddenSize + 2 * i]).toBeCloseTo(Math.sin(angle), 6);
      expect(sinusoidal[row * hiddenSize + 2 * i + 1]).toBeCloseTo(Math.cos(angle), 6);
    }
    expect(partOf({ position: 3 }).places[0]).toBe(0);
  });

  it("scores distances as rotated vectors do, wherever they stand", () => {
    const part = partOf({ hidden_size: 16 });
    const { distances, scores } = curve(part, "plain");
    const unit = new Float64Array(16).map((_, j) => (j < 8 ? 1 / Math.sqrt(8) : 0));
    for (const distance of [0, 1, 7, 40]) {
      const turned = ropeRotate(Float64Array.from([...unit, ...unit]), [300 + distance, 300], ropePlan(16, 10000));
      let dot = 0;
      for (let j = 0; j < 16; j++) dot += turned[j] * turned[16 + j];
      expect(scores[distances.indexOf(distance)]).toBeCloseTo(dot, 10);
    }
    expect(distances[distances.length - 1]).toBe(16383);
    expect(curve(part, "linear").scores[distances.indexOf(8)]).toBeCloseTo(scores[distances.indexOf(1)], 12);
  });

  it("smooths far distances by the mean of those around, and near ones not at all", () => {
    const { distances, scores, smooth } = curve(partOf({ hidden_size: 8 }), "plain");
    expect(Array.from(smooth!.subarray(0, 64))).toEqual(Array.from(scores.subarray(0, 64)).map((score) => expect.closeTo(score, 10)));
    const at = distances.indexOf(4096);
    const n = 2 * Math.floor((distances[at + 1] - distances[at - 1]) / 4) + 1;
    expect(n).toBeGreaterThan(50);
    let sum = 0;
    for (let distance = 4096 - (n - 1) / 2; distance <= 4096 + (n - 1) / 2; distance++) {
      for (let i = 0; i < 4; i++) sum += Math.cos(distance * 10000 ** (-i / 4)) / 4;
    }
    expect(smooth![at]).toBeCloseTo(sum / n, 9);
  });

  it("draws the sinusoidal curve apart where RoPE has another base", () => {
    expect(curve(partOf(), "sinusoidal")).toBeUndefined();
    const part = partOf({ rope_theta: 500000 });
    expect(Array.from(curve(part, "sinusoidal").scores)).toEqual(Array.from(curve(partOf(), "plain").scores));
  });

  it("gives a curve of biases for each head of ALiBi", () => {
    const part = partOf({ num_attention_heads: 8 });
    expect(Array.from(part.slopes)).toEqual([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256]);
    const biases = part.curves.filter(({ name }) => name === "alibi");
    expect(biases).toHaveLength(8);
    expect(biases[1].scores[biases[1].distances.indexOf(12)]).toBe(-3);
  });

  it("takes the model's learned positions, and their cosines by distance", () => {
    const part = partOf({ position: 100 });
    const learned = part.learned!;
    expect([learned.known, learned.columns, learned.places.length]).toEqual([256, 128, 64]);
    const own = tiny.model.anatomy!.positions!;
    const at = learned.places.indexOf(100);
    expect(Array.from(learned.values.subarray(at * 128, at * 128 + 128))).toEqual(Array.from(own.subarray(100 * 128, 101 * 128)));
    const cosine = (p: number, q: number) => {
      const [a, b] = [own.subarray(p * 128, (p + 1) * 128), own.subarray(q * 128, (q + 1) * 128)];
      const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const { distances, scores, deviation } = curve(part, "learned");
    const all = Array.from({ length: 253 }, (_, p) => cosine(p, p + 3));
    expect(scores[distances.indexOf(3)]).toBeCloseTo(all.reduce((sum, each) => sum + each, 0) / 253, 5);
    expect(deviation![distances.indexOf(3)]).toBeGreaterThan(0);
    expect(partOf({ position: 5000 }).learned!.places[63]).toBe(255);
  });

  it("needs no text, no model and no even size", () => {
    const outcome = run(textSource(""), { tab: "position", hidden_size: 7, position: 0, target_length: 2, max_position_embeddings: 2 });
    expect(outcome.ok && outcome.trace.position!.hiddenSize).toBe(8);
    const config = JSON.stringify({ model_type: "llama", hidden_size: 64, num_attention_heads: 4 });
    expect(traced({}, textSource(config, undefined, "json", "config.json")).position!.learned).toBeNull();
  });
});
