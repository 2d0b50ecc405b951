import { describe, expect, it } from "vitest";
import { contrast } from "../../src/webview/marks/colour.js";
import { until } from "../support/until.js";
import type { Panel } from "./harness.js";
import { panelOpener, posted } from "./support.js";
import { solarizedLight, themeNames, themes } from "./themes.js";

let panel: Panel;
const openPanel = panelOpener();

const variable = (name: string): Promise<string> => panel.page.evaluate((each) => getComputedStyle(document.body).getPropertyValue(each).trim(), name);
const curves = (): Promise<string[]> =>
  panel.page.locator(".mixture-picture svg path").evaluateAll((all) => all.map((path) => path.getAttribute("stroke") ?? "").filter((stroke) => stroke.startsWith("#")));

describe("the palette in the page", () => {
  it("follows the theme without a reload", async () => {
    panel = await openPanel({ sample: "em1d.csv", theme: "light" });
    const expected = { "light": "#1a6ae0", "dark": "#4f9cff", "hc-dark": "#5fa6ff", "hc-light": "#1152b8" };
    for (const theme of themeNames) {
      await panel.setTheme(theme);
      await until(`the colour of A in ${theme}`, async () => (await curves()).some((stroke) => stroke.toLowerCase() === expected[theme]));
      await expect.poll(async () => (await variable("--lumen-c1")).toLowerCase()).toBe(expected[theme]);
    }
    expect(panel.outcomes).toHaveLength(1);
  });

  it("moves colours that a foreign paper makes hard to read, in marks and style sheet alike", async () => {
    panel = await openPanel({ sample: "em1d.csv", theme: solarizedLight });
    const paper = solarizedLight.variables["--vscode-editor-background"];
    for (const name of ["--lumen-c1", "--lumen-c2", "--lumen-c8", "--lumen-quiet", "--lumen-link", "--lumen-red", "--lumen-warn"]) {
      await expect.poll(async () => contrast(await variable(name), paper), { message: name }).toBeGreaterThanOrEqual(4.5);
    }
    await panel.setTheme({ ...themes.dark, variables: { ...themes.dark.variables, "--vscode-editor-background": "#4a4a4a" } });
    await until("the moved colour", async () => (await variable("--lumen-c6")).toLowerCase() !== "#f14c66");
    await expect.poll(async () => contrast(await variable("--lumen-c6"), "#4a4a4a")).toBeGreaterThanOrEqual(4.5);
    await panel.setTheme("dark");
    await until("the designed colour", async () => (await variable("--lumen-c6")).toLowerCase() === "#f14c66");
  });
});

describe("exported pictures", () => {
  it.each(themeNames)("stand alone with their colours and fonts (%s)", async (theme) => {
    panel = await openPanel({ sample: "em1d.csv", theme });
    await panel.page.keyboard.press("e");
    await panel.page.getByRole("menuitem", { name: /SVG/ }).click();
    const { data, name } = await posted(panel, "save");
    expect(name).toMatch(/\.svg$/);
    const text = data as string;
    expect(text).not.toMatch(/var\(|currentColor|class=|<foreignObject/);
    expect(text).toContain("Liberation Sans");
    const shown = await panel.page.evaluate((source) => {
      const file = new DOMParser().parseFromString(source, "image/svg+xml");
      return { error: file.querySelector("parsererror")?.textContent ?? null, paper: file.querySelector("rect")?.getAttribute("fill"), texts: Array.from(file.querySelectorAll("text"), (each) => each.textContent) };
    }, text);
    expect(shown.error).toBeNull();
    expect(shown.paper).toBe(themes[theme].variables["--vscode-editor-background"]);
    expect(shown.texts.join(" ")).toContain("mixture");
  });

  it("come as PNG of twice the size", async () => {
    panel = await openPanel({ sample: "iris.csv", theme: "dark" });
    await panel.page.keyboard.press("e");
    await panel.page.getByRole("menuitem", { name: /SVG/ }).click();
    const drawing = (await posted(panel, "save")).data as string;
    const size = Number(/<svg[^>]* width="(\d+)"/.exec(drawing)?.[1]);
    await panel.page.keyboard.press("e");
    await panel.page.getByRole("menuitem", { name: /PNG/ }).click();
    const { data } = await posted(panel, "save", (post) => /\.png$/.test(post.name));
    const bytes = data as Uint8Array;
    expect(Array.from(bytes.slice(0, 8))).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const width = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16);
    expect(width).toBe(2 * size);
    const colours = await panel.page.evaluate(async (list) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(list)], { type: "image/png" }));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set<number>();
      for (let i = 0; i < pixels.length; i += 4) seen.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
      return { corner: Array.from(pixels.slice(0, 3)), count: seen.size };
    }, Array.from(bytes));
    expect(colours.corner).toEqual([0x1f, 0x1f, 0x1f]);
    expect(colours.count).toBeGreaterThan(50);
  });
});
