import type { ViewHost } from "../view.js";
import type { Shared } from "./tab.js";

/** What the tabs share, with another host. */
export function withHost(shared: Shared, host: ViewHost): Shared {
  return {
    host,
    get trace() {
      return shared.trace;
    },
    get tab() {
      return shared.tab;
    },
    show: (tab) => shared.show(tab),
    change: (patch) => shared.change(patch),
    piece: (id) => shared.piece(id),
    name: (id) => shared.name(id),
  };
}
