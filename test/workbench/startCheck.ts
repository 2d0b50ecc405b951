import { startWorkbench } from "./harness.js";

/**
 * `npm start -- --check`: fits the first sample as a person would, and writes test/output/start-check.png. Ends with an
 * error when no mixture is drawn, or when the panel reports a fault.
 */
async function main(): Promise<void> {
  const workbench = await startWorkbench({ name: "start" });
  try {
    await workbench.openFile("em1d.csv");
    await workbench.select("all");
    await workbench.rightClick("Lumen", "Fit GMM to Selection");
    const panel = workbench.panelFrame();
    try {
      await panel.locator("svg path").first().waitFor();
      await panel.locator("table").first().waitFor({ state: "attached" });
    } finally {
      await workbench.picture("check");
    }
    const { errors, refused } = workbench.faults;
    if (errors.length + refused.length > 0) throw new Error([...errors, ...refused].join("\n"));
    console.log("The first sample was fitted: test/output/start-check.png");
  } finally {
    await workbench.stop();
  }
}

await main();
