import { expect, it } from "vitest";
import { panelOpener } from "./support.js";

const open = panelOpener();
const rows = Array.from({ length: 180 }, (_, i) => (i % 17 === 0 ? `,${i}` : `${10 + (i % 7) + (i % 3)},${i % 11}`)).join("\n");

it.each([300, 480, 520, 620])("the count of rows is whole in a panel of %d px; the name of the source gives way", async (width) => {
  const panel = await open({ text: { name: "measurements-of-the-second-run.csv", text: `length,weight\n${rows}` }, width });
  const line = panel.page.locator(".head-line");
  expect(await line.locator(".rows").innerText()).toBe("169 of 180 rows");
  const cut = (selector: string): Promise<boolean> => panel.page.locator(selector).evaluate((element) => element.scrollWidth > element.clientWidth);
  await expect.poll(() => cut(".head-line .rows")).toBe(false);
  await expect.poll(() => cut(".head-line")).toBe(false);
});
