import { afterAll, describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import { npy, raw } from "../unit/vectors/files/helpers.js";
import { archive, binaryWords, kindsOfTensors, ownFolder, plainNumbers } from "./tensorFiles.js";
import { builtInVectors, choose, tensorOpener, type TensorPage } from "./tensorsPage.js";
import { boxOf } from "../support/boxOf.js";

const files = ownFolder();
afterAll(() => files.remove());
const open = tensorOpener();

const kinds = files.write("kinds.safetensors", kindsOfTensors());
const plain = plainNumbers();
const small = files.write("small.npy", npy("<f4", [40, 3], raw(plain)));
/** In the largest cells, which have their numbers printed. */
const large = { tensor: "small", rowAxis: 0, colAxis: 1, index: [0, 0], row: 0, col: 0, zoom: 8, scale: "setting", table: false, filter: "" } as const;

/** The colour of the canvas at a place, as #rrggbb. */
const pixel = (page: TensorPage, x: number, y: number): Promise<string> =>
  page.canvas.evaluate((canvas, [px, py]) => {
    const data = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(px, py, 1, 1).data;
    return `#${[data[0], data[1], data[2]].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  }, [x, y] as const);

/** Where the cells begin on the canvas: the labels' width is that of their digits. */
const cornerOf = async (page: TensorPage): Promise<{ x: number; y: number }> => {
  const box = await boxOf(page.canvas);
  const read = async (x: number): Promise<boolean> => {
    await page.page.mouse.move(box.x + x, box.y + 24);
    await page.drawn();
    return /\[/.test(await page.page.locator(".tensor-readout").innerText());
  };
  let [outside, inside] = [9, 140];
  await until("a cell's number", () => read(inside));
  while (inside - outside > 1) {
    const middle = (inside + outside) >> 1;
    if (await read(middle)) inside = middle;
    else outside = middle;
  }
  return { x: inside, y: 20 };
};

describe("an array", () => {
  it("is told in words, counted, and read cell by cell", async () => {
    const page = await open({ file: small, place: large });
    await page.counted();
    await page.sees("h1", "small: 40 × 3 numbers");
    await page.sees(".story", "float32 (<f4), 4 bytes each, little-endian, row-major");
    await page.sees(".story", "They lie between −7 and 5.9");
    await page.sees(".story", "Left out of that: 1 NaN, 2 infinite.");
    const figures = await page.page.locator(".tensor-figures").innerText();
    expect(figures.replaceAll(/\s+/g, " ")).toMatch(/count 120 .*min −7 max 5\.9 .*NaN 1 \+∞ 1 −∞ 1/);
    await page.sees(".place", "Rows 0–24 of 40, columns 0–2 of 3. In sight: 1 NaN, 2 infinite.");
    await expect.poll(() => page.canvas.getAttribute("role")).toBe("img");
    await expect.poll(() => page.canvas.getAttribute("aria-label")).toContain("Rows 0–24 of 40");
    await page.canvas.focus();
    await page.page.keyboard.press("ArrowDown");
    await page.page.keyboard.press("ArrowDown");
    await page.page.keyboard.press("ArrowDown");
    await page.page.keyboard.press("ArrowRight");
    await page.sees(".tensor-readout", "[2, 1] = 1.2 all digits: 1.2000000476837158203125");
    await page.page.keyboard.press("Control+End");
    await page.sees(".tensor-readout", "[39, 2] = 5.9");
    await page.sees(".place", "Rows 16–39 of 40");
    await page.page.keyboard.press("Home");
    await page.page.keyboard.press("PageUp");
    await page.sees(".tensor-readout", "[15, 0] = 1.5");
    await expect.poll(() => page.page.locator("[role=status].unseen").innerText()).toContain("[15, 0] = 1.5");
    await page.page.keyboard.press("Escape");
    await page.sees(".tensor-readout", "Point at a cell");
    for (let i = 0; i < 3; i++) await page.page.keyboard.press("-");
    await page.sees(".place", "Rows 0–39 of 40");
    expect(page.posts.filter((post) => post.type === "ask" && post.question.kind === "window").length).toBeLessThanOrEqual(3);
  });

  it("has cells in the colours of their signs; NaN and infinities are told apart", async () => {
    const page = await open({ file: small, place: large });
    await page.counted();
    const { x, y } = await cornerOf(page);
    await page.page.mouse.move(0, 0);
    await page.drawn();
    const at = (row: number, col: number): Promise<string> => pixel(page, x + 60 * col + 5, y + 22 * row + 5);
    const colours = { zero: await at(0, 0), nan: await at(1, 0), plus: await at(1, 1), minus: await at(1, 2), low: await at(2, 0), two: await at(0, 2) };
    expect(colours).toMatchObject({ zero: "#ffffff", low: "#0f4c9c", two: "#a50f1c" });
    expect(colours.plus).toBe(colours.minus);
    expect(new Set(Object.values(colours)).size).toBe(5);
    await expect.poll(() => page.page.locator(".tensor-key").innerText()).toMatch(/NaN[\s\S]*infinite[\s\S]*beyond the scale/);
    const [red] = [colours.two];
    await page.page.locator(".tensor-tools vscode-dropdown").click();
    await page.page.locator("vscode-option", { hasText: "largest in the array" }).click();
    await page.sees(".tensor-key svg", "+7");
    await until("paler cells", async () => (await at(0, 2)) !== red);
    await expect.poll(() => at(2, 0)).toBe("#0f4c9c");
    await page.page.locator(".tensor-tools vscode-dropdown").click();
    await page.page.locator("vscode-option", { hasText: "my own" }).click();
    // The field starts with what held before, which the toolkit writes a moment after it is shown.
    const limit = page.page.locator(".tensor-tools vscode-text-field input").first();
    await expect.poll(() => limit.inputValue()).toBe("7");
    await limit.fill("1");
    await page.sees(".tensor-key svg", "+1");
    await until("the place is kept", () => page.state()?.scale === 1);
  });

  it("scrolls by the wheel, zooms by Ctrl and the wheel, and can be dragged", async () => {
    const page = await open({ file: builtInVectors });
    await page.counted();
    await page.sees(".place", /^Rows 0–\d+ of 10,000, columns 0–\d+ of 100/);
    await page.canvas.hover({ position: { x: 300, y: 200 } });
    await page.page.mouse.wheel(0, 3000);
    await page.sees(".place", /^Rows 3\d\d–/);
    const columns = async () => / columns [\d–]+/.exec(await page.page.locator(".place").innerText())?.[0];
    const wide = await columns();
    await page.page.keyboard.down("Control");
    await page.page.mouse.wheel(0, -100);
    await page.page.keyboard.up("Control");
    await until("fewer columns", async () => (await columns()) !== wide);
    const box = await boxOf(page.canvas);
    const before = await page.page.locator(".place").innerText();
    await page.page.mouse.move(box.x + 300, box.y + 200);
    await page.page.mouse.down();
    await page.page.mouse.move(box.x + 300, box.y + 60, { steps: 4 });
    await page.page.mouse.up();
    await until("another place", async () => (await page.page.locator(".place").innerText()) !== before);
    const bar = await boxOf(page.page.locator(".tensor-scroll.vertical"));
    await page.page.mouse.click(bar.x + 5, bar.y + bar.height - 2);
    await page.sees(".place", "–9,999 of 10,000");
    await until("numbers of the end", async () => {
      await page.canvas.hover({ position: { x: 302, y: 202 } });
      return /\[9,?\d{3}, \d+\] = −?\d/.test(await page.page.locator(".tensor-readout").innerText());
    });
    await page.page.locator(".tensor-tools vscode-text-field input").last().fill("1234, 56");
    await page.page.keyboard.press("Enter");
    await page.sees(".tensor-readout", "[1234, 56] = ");
    expect(page.state()).toMatchObject({ tensor: "vectors" });
  });

  it("says of single numbers where they are", async () => {
    const page = await open({ file: files.write("few.npy", npy("<f4", [5], raw(Float32Array.of(1, 2, 4, 8, 16)))) });
    await page.counted();
    await page.sees(".tensor-histogram p", "no bin holds more than one number");
    await page.page.locator(".tensor-histogram svg").focus();
    await page.page.keyboard.press("ArrowRight");
    await page.sees(".tensor-histogram p", "One number from 1 to ");
  });

  it("has a table of what is in sight", async () => {
    const page = await open({ file: small, place: large });
    await page.counted();
    await page.page.keyboard.press("t");
    const table = page.page.locator(".window-twin table");
    await table.waitFor();
    await expect.poll(() => table.locator("tbody tr").count()).toBe(25);
    await expect.poll(async () => (await table.locator("tbody tr").nth(1).innerText()).split(/\s+/)).toEqual(["1", "NaN", "∞", "−∞"]);
    await expect.poll(() => table.locator("tbody tr").nth(3).locator("td").first().getAttribute("title")).toBe("0.3");
    await page.page.locator(".histogram-twin table").waitFor();
    await page.page.keyboard.press("t");
    await table.waitFor({ state: "hidden" });
  });
});

describe("arrays of every kind", () => {
  it("are listed, found and chosen by the keyboard", async () => {
    const page = await open({ file: kinds });
    await page.counted();
    await page.sees(".arrays .small", "8 arrays");
    await page.sees(".metadata", "made for a test\nof the editor");
    await page.page.locator(".array-list").focus();
    await page.page.keyboard.press("ArrowDown");
    await page.sees("h1", "model.layers.0.attention.query.bias: 48 numbers in a row");
    await page.page.keyboard.press("End");
    await page.sees("h1", "empty: 0 × 4 numbers");
    await page.sees(".lede", "it is empty, so there is nothing to draw");
    await expect.poll(() => page.canvas.isVisible()).toBe(false);
    await page.page.locator(".arrays input").fill("i64");
    await page.sees(".arrays .small", "1 of 8 arrays");
    await page.page.locator(".arrays input").press("Enter");
    await page.page.keyboard.press("Home");
    await page.sees("h1", "position_ids: 1 × 6 numbers");
    await page.page.locator(".arrays input").fill("nothing");
    await page.sees(".arrays .small", "No array is called so");
  });

  it("show their numbers as they are", async () => {
    const page = await open({ file: kinds });
    await page.counted();
    const reads = async (expected: string | RegExp, name: string, ...keys: string[]): Promise<void> => {
      await choose(page, name);
      await page.canvas.focus();
      for (const key of ["Control+Home", ...keys]) await page.page.keyboard.press(key);
      await page.sees(".tensor-readout", expected);
    };
    await reads("scale = 0.1 all digits: 0.100000001490116119384765625", "scale");
    await reads("[0, 5] = 9223372036854775807", "position_ids", "End");
    await reads("[0, 3] = 9007199254740993", "position_ids", "End", "ArrowLeft", "ArrowLeft");
    await reads("[0, 1] = False", "mask", "ArrowRight");
    await page.sees(".story", "True: 20, False: 40.");
    await reads(/\[0, 1\] = −?0\.\d{1,4} /, "embed", "ArrowRight");
    await reads(/\[1\] = −?0\.\d+/, "query.bias", "ArrowRight");
  });

  it("of more than two axes show any two of them", async () => {
    const page = await open({ file: kinds });
    await page.counted();
    await choose(page, "model.blocks");
    await page.sees("h1", "3 × 5 × 7 × 9 numbers");
    await page.sees(".place", "Rows 0–6 of 7, columns 0–8 of 9.");
    await page.page.locator(".axis-index:visible input[type=range]").first().fill("2");
    await page.page.locator(".axis-index:visible vscode-text-field input").last().fill("4");
    await page.canvas.focus();
    await page.page.keyboard.press("Control+End");
    await page.sees(".tensor-readout", "[2, 4, 6, 8] = ");
    await page.page.locator(".tensor-axes").getByText("Swap").click();
    await page.sees(".place", "Rows 0–8 of 9, columns 0–6 of 7.");
    await page.page.locator(".tensor-axes vscode-dropdown").first().click();
    await page.page.locator(".tensor-axes vscode-dropdown").first().locator("vscode-option", { hasText: "axis 1" }).click();
    await page.sees(".place", "Rows 0–4 of 5, columns 0–6 of 7.");
    await until("the plane is kept", () => page.state()?.rowAxis === 1 && page.state()?.colAxis === 2);
    await page.page.getByText("Copy as Python").click();
    const copy = await until("the copied program", () => page.posts.find((post) => post.type === "copy"));
    expect(copy.text).toContain('x = file.get_tensor("model.blocks")');
    expect(copy.text).toContain("print(x[2, 0:5, 0:7, 0])");
  });

  it("of archives and word2vec open too", async () => {
    const page = await open({ file: files.write("a.npz", archive()) });
    await page.counted();
    await page.sees("h1", "image: 90 × 120 numbers");
    await page.sees(".tensor-key svg", "+208");
    await choose(page, "swapped");
    await page.sees(".story", "big-endian");
    await page.canvas.focus();
    await page.page.keyboard.press("Control+End");
    await page.sees(".tensor-readout", "[3, 5] = 1.8333333333333333");
    const words = await open({ file: files.write("words.bin", binaryWords(["king", "Zürich", "北京"], 4)) });
    await words.counted();
    await words.canvas.focus();
    await words.page.keyboard.press("Control+Home");
    await words.page.keyboard.press("ArrowDown");
    await words.sees(".tensor-readout", "Zürich · [1, 0] = ");
  });
});
