import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./lib/paths.mjs";

/**
 * `node scripts/generationSchema.mjs` writes the JSON schema of generation_config.json from the table in
 * src/core/decoding/config; a unit test compares them.
 */
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ["src/core/decoding/config/schema.ts"],
  bundle: true,
  write: false,
  format: "esm",
  logLevel: "warning",
});
const { generationSchema } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const folder = path.join(root, "media", "schemas");
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, "generation_config.json"), `${JSON.stringify(generationSchema(), null, 2)}\n`);
