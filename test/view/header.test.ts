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

it("a menu marks one entry: the keyboard's, or the pointer's once it moves", async () => {
  const panel = await open({ sample: "em1d.csv" });
  const { page } = panel;
  const entries = page.locator("[role=menu] [role=menuitem]");
  const marked = (): Promise<number[]> =>
    entries.evaluateAll((all) => all.flatMap((entry, i) => (getComputedStyle(entry).backgroundColor === "rgba(0, 0, 0, 0)" ? [] : [i])));
  const openMenu = async (): Promise<void> => {
    await page.keyboard.press("e");
    await entries.first().waitFor();
  };
  await page.locator(".head-line").click({ position: { x: 4, y: 4 } });
  await openMenu();
  const second = (await entries.nth(1).boundingBox())!;
  await page.keyboard.press("Escape");
  await page.mouse.move(second.x + 20, second.y + 8);
  await openMenu();
  await expect.poll(marked).toEqual([0]);
  await page.mouse.move(second.x + 24, second.y + 10);
  await expect.poll(marked).toEqual([1]);
  await page.keyboard.press("ArrowDown");
  await expect.poll(marked).toEqual([2]);
});
