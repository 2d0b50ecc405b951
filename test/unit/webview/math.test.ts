import temml from "temml";
import { expect, test } from "vitest";
import { escapeTex, upright } from "../../../src/webview/marks/math.js";

/** The letters that MathML shows. */
function shown(tex: string): string {
  const markup = temml.renderToString(tex, { throwOnError: true });
  return markup.replace(/<[^>]*>/g, "").replaceAll("\u00a0", " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}

test.each(["w323", "1990s", "king", "New York", "头发12", "a_b", "50%", "$a & #b", "{x}^2", "~a\\b", "a--b", "x<y>", "w1.5", "B1"])("words in formulas are those of the text: %s", (text) => {
  expect(shown(upright(text))).toBe(text);
  expect(shown(`\\text{${escapeTex(text)}}`)).toBe(text);
});
