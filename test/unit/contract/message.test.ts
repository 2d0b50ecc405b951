import { expect, test } from "vitest";
import { format, msg, type Message } from "../../../src/core/contract/index.js";

/** As the webview gets it. */
const sent = (message: Message) => JSON.parse(JSON.stringify(message)) as Message;

test.each([
  [NaN, "NaN"],
  [Infinity, "Infinity"],
  [-Infinity, "\u2212Infinity"],
  [-2.5, "\u22122.5"],
])("a message with %d is the same on the other side", (value, text) => {
  const message = msg("Number {0} is {1}.", 2, value);
  expect(format(message)).toBe(`Number 2 is ${text}.`);
  expect(format(sent(msg("{0}", message)))).toBe(format(message));
});
