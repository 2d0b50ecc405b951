import { msg, type Message } from "../../core/contract/message.js";

/** A detail as it follows the place in the same sentence: the comma is the reader's language's own. */
export function following(detail: Message): Message {
  return msg(", {0}", detail);
}
