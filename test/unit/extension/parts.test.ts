import { describe, expect, test } from "vitest";
import { gutterSvg, quantise, svgDataUri } from "../../../src/extension/editor/gutterSvg.js";
import { panelHtml } from "../../../src/extension/panelHtml.js";
import { buffersOf, byteSize, compact, transferable } from "../../../src/extension/worker/buffers.js";
import { createInputs } from "../../../src/extension/worker/inputs.js";

describe("the panel's document", () => {
  const parts = {
    scriptUri: "https://x/webview.js",
    styleUri: "https://x/webview.css",
    cspSource: "https://*.cdn",
    nonce: "abc123",
    lang: "zh-cn",
  };
  const html = panelHtml(parts);

  test("allows its one script and its own style sheet, and nothing unsafe", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy?.split("; ").sort()).toEqual([
      "default-src 'none'",
      "font-src https://*.cdn",
      "img-src https://*.cdn data: blob:",
      "script-src 'nonce-abc123'",
      "style-src https://*.cdn",
    ]);
    expect(html).not.toMatch(/unsafe|style="|\son\w+=/);
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script nonce="abc123" src="https://x/webview.js">']);
  });

  test("names its language and its root, and escapes what it is given", () => {
    expect(html).toContain('<html lang="zh-cn">');
    expect(html).toContain('id="root"');
    expect(panelHtml({ ...parts, lang: '"><script>' })).toContain('<html lang="&quot;&gt;&lt;script&gt;">');
  });
});

describe("a gutter bar", () => {
  const bar = (...shares: number[]) =>
    shares.map((share, i) => ({ color: ["#1A6AE0", "#B85400", "#005F4E"][i], share }));

  test("has its shares in eighths that sum to one", () => {
    expect(quantise(bar(0.9, 0.1)).map((part) => part.share)).toEqual([7 / 8, 1 / 8]);
    expect(quantise(bar(1, 1, 1)).map((part) => part.share)).toEqual([3 / 8, 3 / 8, 2 / 8]);
    expect(quantise(bar(0.99, 0.01)).map((part) => part.share)).toEqual([1]);
    expect(quantise(bar(0, 0))).toEqual([]);
    expect(quantise(bar(NaN, 1)).map((part) => part.share)).toEqual([1]);
  });

  test("is drawn from top to bottom by share", () => {
    const svg = gutterSvg(quantise(bar(0.75, 0.25)));
    expect(svg).toContain('y="0" width="4" height="12" fill="#1A6AE0"');
    expect(svg).toContain('y="12" width="4" height="4" fill="#B85400"');
    expect(Buffer.from(svgDataUri(svg).split(",")[1], "base64").toString()).toBe(svg);
  });

  test("takes colours only, no markup", () => {
    expect(quantise([{ color: '"/><script>', share: 1 }])).toEqual([]);
    expect(quantise([{ color: "rgb(1, 2, 3)", share: 1 }])).toHaveLength(1);
    expect(quantise([{ color: "oklab(0.5 -0.1 0.1)", share: 1 }])).toHaveLength(1);
  });
});

describe("buffers", () => {
  const big = new Float64Array(100);
  const value = { a: big.subarray(10, 12), list: [new Int32Array(3), { deep: big }], text: "x", none: null };

  test("are found once each, wherever they are", () => {
    expect(buffersOf(value).size).toBe(2);
    expect(byteSize(value)).toBe(812);
  });

  test("takes shared memory out of what leaves the process", () => {
    const { shared } = compact({ shared: new Float64Array(new SharedArrayBuffer(16)).fill(3) });
    expect(shared).toEqual(Float64Array.of(3, 3));
    expect(shared.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test("are cut down to what is used, and shared where they were shared", () => {
    const whole = new Float64Array([1, 2]);
    const copy = compact({ part: big.subarray(10, 12), whole, again: whole });
    expect(copy.part).toEqual(new Float64Array(2));
    expect(copy.part.buffer.byteLength).toBe(16);
    expect(copy.whole).toBe(whole);
    expect(copy.again).toBe(copy.whole);
  });

  test("are handed over only when nothing else needs them", () => {
    const mine = new Float64Array(1);
    const held = new Float64Array(1);
    expect(transferable({ mine, held }, [{ input: [held] }])).toEqual([mine.buffer]);
  });
});

describe("the inputs kept", () => {
  test("are the last few, by count and by size", () => {
    const inputs = createInputs(2, 100);
    inputs.put("a", "u", new Uint8Array(10), []);
    inputs.put("b", "u", new Uint8Array(10), []);
    inputs.get("a");
    inputs.put("c", "u", new Uint8Array(10), []);
    expect(["a", "b", "c"].map((key) => inputs.get(key) !== undefined)).toEqual([true, false, true]);
    inputs.put("d", "u", new Uint8Array(1000), []);
    expect(["a", "c", "d"].map((key) => inputs.get(key) !== undefined)).toEqual([false, false, true]);
  });

  test("make room for newer contents of a large source", () => {
    const inputs = createInputs();
    inputs.put("a", "u", new Uint8Array(40 * 2 ** 20), []);
    inputs.put("b", "v", new Uint8Array(40 * 2 ** 20), []);
    inputs.put("c", "u", new Uint8Array(10), []);
    inputs.forget("u");
    expect(["a", "b", "c"].map((key) => inputs.get(key) !== undefined)).toEqual([false, true, true]);
  });
});
