import { msg } from "../contract/index.js";
import { decimal, grouped, setting } from "../text/numberText.js";
import { text, type Story } from "./storyWords.js";
import type { AttentionTrace } from "./trace.js";

/** Headline and sentence of the Position tab: what interpolation makes of the position, and how far pairs have turned. */
export function positionStory(trace: AttentionTrace): Story {
  const { position, trained, target, factor, interpolated, base, ntkBase, schemes } = trace.position!;
  const { angles } = schemes[0];
  const turned = msg("At position {0} the fastest of {1} pairs has turned {2} times, the slowest {3} times.", count(position), angles.length, turns(angles[0]), turns(angles[angles.length - 1]));
  if (factor === 1) {
    const fits = msg("{0} positions fit into the {1} that the model was trained for: nothing has to be stretched.", count(target), count(trained));
    return { title: msg("Position {0} stays {0}", count(position)), lede: [text(fits), text(msg(" ")), text(turned)] };
  }
  const linear = msg("Linear interpolation divides positions by {0} = {1} / {2}.", short(factor), count(target), count(trained));
  const ntk = msg("NTK-aware scaling leaves them and turns the base {0} into {1}, so that slow pairs turn slower.", baseText(base), baseText(ntkBase));
  return {
    title: msg("{0} positions on {1}: position {2} becomes {3}", count(target), count(trained), count(position), short(interpolated)),
    lede: [text(linear), text(msg(" ")), text(ntk), text(msg(" ")), text(turned)],
  };
}

const count = (value: number): string => decimal(value, 0);

/** Radians in turns. */
function turns(radians: number): string {
  const count = radians / (2 * Math.PI);
  return count === 0 ? "0" : count < 0.1 ? setting(Number(count.toPrecision(2))) : decimal(count, count < 100 ? 2 : 0);
}

/** Up to three decimals, none that says nothing. */
function short(value: number): string {
  const [whole, fraction = ""] = decimal(value, 3).split(".");
  const kept = fraction.replace(/0+$/, "");
  return kept === "" ? whole : `${whole}.${kept}`;
}

function baseText(base: number): string {
  return base < 1e9 ? grouped(Math.round(base)) : base.toExponential(2).replace("e+", "e");
}
