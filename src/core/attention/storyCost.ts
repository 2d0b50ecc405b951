import { msg, type Message } from "../contract/index.js";
import { byteText, flopText } from "../text/byteText.js";
import { grouped } from "../text/numberText.js";
import { kindLabel } from "./partCostCurves.js";
import { text, type Story } from "./storyWords.js";
import type { AttentionTrace, CostPart, CostQuantity } from "./trace.js";

/** Headline and sentence of the Cost tab: where another kind of attention becomes cheaper, and what this one costs now. */
export function costStory(trace: AttentionTrace): Story {
  const part = trace.cost!;
  const own = part.curves.find(({ name }) => name === part.own)!;
  const count = grouped(part.parameters);
  const size = part.name === "" ? msg("The built-in model has {0} parameters.", count) : msg("{0} has {1} parameters.", part.name, count);
  const { flops, cache } = own.now;
  const now = part.sizes.causal
    ? msg("The last of {0} tokens takes {1}, and {2} are kept of them.", grouped(part.length), flopText(flops), byteText(cache))
    : msg("Each of {0} tokens takes {1}.", grouped(part.length), flopText(flops));
  return { title: titleOf(part), lede: [text(size), text(msg(" ")), text(now), ...crossed(part).flatMap((each) => [text(msg(" ")), text(each)])] };
}

function titleOf(part: CostPart): Message {
  const linear = crossingOf(part, "flops", "linear");
  if (linear) return msg("From {0} tokens on, linear attention takes fewer operations a token", grouped(linear.length));
  return msg("{0} parameters, by part and by what they cost", grouped(part.parameters));
}

function crossed(part: CostPart): Message[] {
  const recurrent = crossingOf(part, "flops", "recurrent");
  const kept = crossingOf(part, "cache", "linear");
  const own = part.own === "own" ? msg("its own attention") : msg("{0} attention", kindLabel(part.own));
  return [
    ...(recurrent ? [msg("A recurrent model of its width takes fewer from {0} on.", grouped(recurrent.length))] : []),
    ...(kept ? [msg("Linear attention’s state is smaller than the cache of {0} from {1} tokens on.", own, grouped(kept.length))] : []),
  ];
}

/** Where `cheaper` becomes so, seen from the model's own kind. */
function crossingOf({ crossings, own }: CostPart, quantity: CostQuantity, cheaper: string): { readonly length: number } | undefined {
  return crossings.find((each) => each.quantity === quantity && each.cheaper === cheaper && each.dearer === own);
}
