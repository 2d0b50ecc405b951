import { msg } from "../../core/contract/index.js";
import type { Frame, ViewHost } from "../view.js";
import type { Shared } from "./shared.js";

export type RowColours = { readonly on: boolean; toggle(): void; draw(frame: Frame): void; dispose(): void };

/** Groups of rows with the same bar: the two largest shares in steps of 10%, so that a few pictures do for all rows. */
export function barsOfShares(shares: Float64Array, K: number): { readonly bars: readonly (readonly { readonly k: number; readonly share: number }[])[]; readonly group: Int32Array } {
  const M = shares.length / K;
  const group = new Int32Array(M);
  const bars: { k: number; share: number }[][] = [];
  const known = new Map<string, number>();
  for (let i = 0; i < M; i++) {
    let [first, second] = [0, -1];
    for (let k = 1; k < K; k++) {
      if (shares[i * K + k] > shares[i * K + first]) [first, second] = [k, first];
      else if (second < 0 || shares[i * K + k] > shares[i * K + second]) second = k;
    }
    const top = shares[i * K + first];
    const next = second < 0 ? 0 : shares[i * K + second];
    // Ties that differ by rounding alone must not split a group: the share is of the two, not of all.
    const tenths = Math.round((10 * top) / (top + next));
    const bar = tenths >= 10 || second < 0 ? [{ k: first, share: 1 }] : [{ k: first, share: tenths / 10 }, { k: second, share: 1 - tenths / 10 }];
    // The components stand in their own order, so that the bar is split as the rug is.
    bar.sort((a, b) => a.k - b.k);
    const key = bar.map(({ k, share }) => `${k}:${share.toFixed(1)}`).join(" ");
    let index = known.get(key);
    if (index === undefined) {
      index = bars.push(bar) - 1;
      known.set(key, index);
    }
    group[i] = index;
  }
  return { bars, group };
}

/** "Colour rows by component": gutter bars in the editor for the step that the player shows. */
export function createRowColours(host: ViewHost, shared: Shared): RowColours {
  let on = false;
  let sent: readonly unknown[] = [];

  const take = (): void => {
    if (sent.length > 0) host.post({ type: "undecorate" });
    sent = [];
  };

  return {
    get on() {
      return on;
    },
    toggle() {
      on = !on;
      host.announce(host.t(on ? msg("Rows are coloured by component.") : msg("Row colours are off.")));
      if (!on) take();
      host.redraw();
    },
    draw({ status }) {
      if (!on || status === "stale" || shared.position !== Math.floor(shared.position)) return;
      const { trace, shares } = shared;
      const palette = host.palette();
      if (!shares || !trace.spans || trace.K < 2) return take();
      const keys = [shares, palette.theme, palette.paper];
      if (keys.every((key, i) => key === sent[i])) return;
      sent = keys;
      const { bars, group } = barsOfShares(shares, trace.K);
      host.post({
        type: "decorate",
        bars: bars.map((bar) => bar.map(({ k, share }) => ({ color: palette.component(k).color, share }))),
        spans: trace.spans.slice(),
        group,
      });
    },
    dispose: take,
  };
}
