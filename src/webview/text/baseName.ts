import type { ViewHost } from "../view.js";

/** What exported files are called after: the source's name without its ending, or `otherwise` where it has none. */
export function baseName(host: ViewHost, otherwise: string): string {
  const name = host.source()?.name ?? "";
  return name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-") || otherwise;
}
