import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ViewState } from "../../../src/core/protocol.js";
import { PanelStore, type KeptPanel } from "../../../src/extension/panelStore.js";

const kept = (title: string): KeptPanel => {
  const state: ViewState = { explainer: "mixture", params: {}, step: 0, uri: `file:///${title}`, ranges: [], pinned: true, ui: {} };
  return { title, state };
};

/** A store over a workspace's state, in a window that shows the tabs. */
function setup(before: readonly KeptPanel[], open: readonly KeptPanel[], tabs: readonly string[]) {
  let saved: unknown = before;
  const memento = {
    keys: () => [],
    get: <T>() => saved as T,
    update: async (_key: string, value: unknown) => void (saved = value),
  };
  return { store: new PanelStore(memento, () => open, (title) => tabs.includes(title)), saved: () => saved };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the copies of panels", () => {
  test("are given by title, each once", () => {
    const { store } = setup([kept("a"), kept("b")], [], []);
    expect(store.take("b")).toEqual(kept("b").state);
    expect(store.take("b")).toBeUndefined();
    expect(store.take("c")).toBeUndefined();
  });

  test("stay while their tabs wait to be restored, and go with them", () => {
    const { store, saved } = setup([kept("a"), kept("b"), kept("closed")], [kept("a")], ["a", "b"]);
    store.take("a");
    expect(store.waiting()).toEqual([kept("b")]);
    store.keepSoon();
    vi.runAllTimers();
    expect(saved()).toEqual([kept("a"), kept("b")]);
  });
});
