import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import { npy, raw } from "../unit/vectors/files/helpers.js";
import { kindsOfTensors, noise, ownFolder, plainNumbers } from "./tensorFiles.js";
import { builtInVectors, choose, tensorOpener } from "./tensorsPage.js";
import { themeNames } from "./themes.js";

const files = ownFolder();
afterAll(() => files.remove());
const open = tensorOpener();

const kinds = files.write("kinds.safetensors", kindsOfTensors());
const plain = plainNumbers();
const small = files.write("small.npy", npy("<f4", [40, 3], raw(plain)));

describe("actions", () => {
  it("are passed on, or say why they are not possible", async () => {
    const page = await open({ file: kinds });
    await page.counted();
    await page.page.getByText("Fit GMM to Columns").click();
    expect(await until("the action", () => page.posts.find((post) => post.type === "fitGmm"))).toEqual({ type: "fitGmm", tensor: "model.layers.0.attention.query.weight", only: false });
    await choose(page, "model.blocks");
    await page.page.getByText("Fit GMM to Columns").click({ force: true });
    await page.sees(".tensor-refusal", "model.blocks has 4 dimensions, (3, 5, 7, 9)");
    await page.page.getByText("Compare Rows").click({ force: true });
    await page.sees(".tensor-refusal", "Vectors are the rows of an array of two dimensions; model.blocks has 4.");
    await expect.poll(() => page.page.getByText("Use as Word Vectors").getAttribute("aria-disabled")).toBe("true");
    expect(page.posts.filter((post) => /fitGmm|compareRows|useAsWordVectors/.test(post.type))).toHaveLength(1);
  });
});

describe("what goes wrong", () => {
  it("with the file is said in the picture's place", async () => {
    const page = await open({ file: files.write("broken.npy", "1,2,3\n") });
    await page.sees("h1", "broken.npy can’t be shown");
    await page.sees(".problems", "does not begin with the mark of numpy");
    files.write("broken.npy", npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4))));
    await page.page.locator(".problems vscode-button").click();
    await page.sees("h1", "broken: 2 × 2 numbers");
    await page.counted();
    await expect.poll(() => page.page.locator(".problems").innerText()).toBe("");
  });

  it("with what is shown is said above it, and mended by Reload", async () => {
    const file = files.write("changing.npy", npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4))));
    const page = await open({ file });
    await page.counted();
    await page.send({ type: "stale", message: { text: "{0} was changed after it was read.", args: ["changing.npy"] } });
    await page.sees(".tensor-stale", "changing.npy was changed after it was read.");
    await expect.poll(() => page.canvas.isVisible()).toBe(true);
    files.write("changing.npy", npy("<f4", [3, 2], raw(Float32Array.of(1, 2, 3, 4, 5, 6))));
    await page.page.locator(".tensor-stale vscode-button").click();
    await page.sees("h1", "changing: 3 × 2 numbers");
    await page.page.locator(".tensor-stale").waitFor({ state: "hidden" });
  });

  it("by itself is noticed when the next window is asked for", async () => {
    const file = files.write("later.npy", npy("<f4", [4000, 200], raw(noise(800_000))));
    const page = await open({ file });
    await page.counted();
    files.write("later.npy", npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4))));
    await page.canvas.focus();
    await page.page.keyboard.press("Control+End");
    await page.sees(".tensor-stale", "later.npy was changed after it was read.");
  });

  it("while counting: it can be stopped and goes on", async () => {
    const page = await open({ file: small, hold: "statistics" });
    await page.page.locator(".counting .link").click();
    await page.sees(".counting", "Counting was stopped. Go on");
    expect(page.posts.some((post) => post.type === "cancel")).toBe(true);
    page.release();
    await page.page.locator(".counting .link").click();
    await page.sees(".story", "They lie between −7 and 5.9");
  });

  it("with many tensors that can't be read: the others are shown, with a sentence", async () => {
    const bytes = kindsOfTensors();
    const page = await open({ file: files.write("cut.safetensors", bytes.slice(0, bytes.length - 1000)) });
    await page.counted();
    await page.sees(".notes", "The file is cut off");
  });
});

describe("the reader's place", () => {
  it("is taken up again after a reload, and from the host", async () => {
    const place = { tensor: "model.blocks", rowAxis: 0, colAxis: 2, index: [0, 3, 0, 8], row: 0, col: 0, zoom: 7, scale: 4, table: true, filter: "" } as const;
    for (const from of [{ state: place }, { place }]) {
      const page = await open({ file: kinds, ...from });
      await page.counted();
      await page.sees("h1", "model.blocks");
      await page.sees(".place", "Rows 0–2 of 3, columns 0–6 of 7.");
      await page.sees(".tensor-key svg", "+4");
      await page.page.locator(".window-twin table").waitFor();
      await page.canvas.focus();
      await page.page.keyboard.press("Control+Home");
      await page.sees(".tensor-readout", "[0, 3, 0, 8] = ");
    }
  });
});

describe("pictures", () => {
  it.each(themeNames)("in %s", async (theme) => {
    const page = await open({ file: kinds, theme });
    await page.counted();
    await page.canvas.hover({ position: { x: 200, y: 100 } });
    await page.drawn();
    await page.screenshot(`tensors-kinds-${theme}`);
  });

  it.each([300, 480, 620, 1200])("%s px wide lose nothing at their edge", async (width) => {
    for (const [name, file] of [["kinds", kinds], ["built", builtInVectors]] as const) {
      const page = await open({ file, width });
      await page.counted();
      await page.screenshot(`tensors-${name}-${width}`);
      await expect.poll(() => page.page.evaluate(() => {
        const over = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1 && !each.closest(".unseen, .window-twin, vscode-dropdown"));
        return over.map((each) => `${each.tagName}.${each.className}`);
      })).toEqual([]);
      await expect.poll(() => page.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  it("speak Chinese", async () => {
    const page = await open({ file: kinds, language: "zh-cn" });
    await page.counted();
    await page.screenshot("tensors-zh");
    const text = await page.page.locator("body").innerText();
    expect(text).toContain("行优先 (row-major");
    expect(text.replaceAll(/model\.[\w.]+|float\d+|bfloat\d+|made for a test\s+of the editor|Table/g, "")).not.toMatch(/[a-z]{3,} [a-z]{3,} [a-z]{3,}/);
  });

  it("of a file of 1 GB stand soon", async () => {
    const file = path.join(files.path, "large.npy");
    const handle = openSync(file, "w");
    const header = npy("<f4", [2 ** 18, 1024], new Uint8Array(0));
    writeSync(handle, header);
    ftruncateSync(handle, header.length + 2 ** 30);
    closeSync(handle);
    const page = await open({ file, hold: "statistics" });
    await until("the first window", () => page.sent.some((each) => each.type === "answer" && each.answer.kind === "window"));
    await page.sees(".place", "of 262,144");
    await page.sees(".counting", "have to be read twice");
  });
});
