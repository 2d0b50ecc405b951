import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Following } from "../../../src/extension/following.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function followed(seen = true) {
  const state = { seen, acts: [] as boolean[] };
  const following = new Following(() => ({ enabled: true, delay: 250 }), () => state.seen, (follows) => state.acts.push(follows));
  return { state, following };
}

test("a text that rests is followed once, however many edits it had", () => {
  const { state, following } = followed();
  for (let edit = 0; edit < 3; edit++) {
    following.soon();
    vi.advanceTimersByTime(249);
  }
  expect(state.acts).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(state.acts).toEqual([true]);
  following.looked();
  vi.runAllTimers();
  expect(state.acts).toHaveLength(1);
});

test("what nobody sees waits until it is seen", () => {
  const { state, following } = followed(false);
  following.soon();
  vi.runAllTimers();
  following.looked(); // still out of sight
  vi.runAllTimers();
  expect(state.acts).toEqual([]);
  state.seen = true;
  following.looked();
  vi.runAllTimers();
  following.looked();
  vi.runAllTimers();
  expect(state.acts).toEqual([true]);
});

test("what something else has done is not made up for", () => {
  const { state, following } = followed(false);
  following.soon();
  vi.runAllTimers();
  following.stop();
  state.seen = true;
  following.looked();
  following.soon();
  following.stop();
  vi.runAllTimers();
  expect(state.acts).toEqual([]);
});
