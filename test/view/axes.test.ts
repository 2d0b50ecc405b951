import { expect, it } from "vitest";
import { panelOpener } from "./support.js";

const open = panelOpener();

it.each([300, 480, 520, 736])("numbers of a horizontal axis keep apart, however long they are (%d px)", async (width) => {
  const prices = Array.from({ length: 90 }, (_, i) => `${[210_000, 480_000, 1_250_000][i % 3] * (1 + (i % 17) / 60)},${700 + 41 * (i % 23)}`).join("\n");
  const panel = await open({ text: { name: "prices.csv", text: `price,size\n${prices}` }, width });
  const numbers = await panel.page.locator(".axis[data-axis=x] .number").evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().toJSON() as DOMRect));
  expect(numbers.length).toBeGreaterThan(1);
  for (let i = 1; i < numbers.length; i++) expect(numbers[i].left - numbers[i - 1].right).toBeGreaterThanOrEqual(6);
});
