import { expect, it } from "vitest";
import { until } from "../support/until.js";
import { panelOpener, posted, sees } from "./support.js";

const openPanel = panelOpener();

it("offers the columns of a file that has too many to be fitted", async () => {
  const names = Array.from({ length: 51 }, (_, i) => `c${i}`);
  const rows = Array.from({ length: 9 }, (_, r) => names.map((_, i) => (r * 31 + i * 7 + r * r * i) % 101));
  const panel = await openPanel({ text: { name: "wide.csv", text: [names, ...rows].map((row) => row.join(",")).join("\n"), languageId: "csv" } });
  await sees(panel, ".instead-of-picture", "51 columns are chosen");
  await panel.page.locator(".disclosure").click();
  const boxes = panel.page.locator(".column-list vscode-checkbox");
  await expect.poll(() => boxes.count()).toBe(51);
  await boxes.nth(7).click();
  expect((await posted(panel, "run")).params.columns).toEqual(names.filter((name) => name !== "c7"));
  await until("a picture", () => panel.outcomes.at(-1)?.type === "trace");
  await panel.drawn();
  await expect.poll(() => boxes.count()).toBe(51);
});
