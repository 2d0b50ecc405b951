import { msg, type Fix, type Problem } from "../contract/index.js";
import type { Moments } from "./describe.js";
import { letter } from "./letter.js";
import { setting } from "../text/numberText.js";
import { brokenTitle, collapseTitle } from "./headlines.js";
import type { MixtureParams } from "./params.js";
import type { Fit } from "./trace.js";

/**
 * What the reader should know of the fits.
 * @param best the one shown first
 * @param every of the fits' iterations, only every so many-th is kept
 */
export function fitProblems(fits: readonly Fit[], best: Fit, every: number, params: MixtureParams, { stats }: Moments): Problem[] {
  const problems: Problem[] = [];
  const K = params.n_components;
  const variances = stats.std.map((s) => s * s).filter((v) => v > 0);
  const suggestion = Number(Math.max(params.reg_covar * 100, 1e-6 * variances.reduce((sum, v) => sum + v, 0) / variances.length).toExponential(0));
  const regularise: Fix = { label: msg("Set reg_covar to {0}", setting(suggestion)), params: { reg_covar: suggestion } };
  const fewer: Fix[] = K > 1 ? [{ label: K === 2 ? msg("Use one component") : msg("Use {0} components", K - 1), params: { n_components: K - 1, init_params: "k-means++", means_init: [] } }] : [];

  const failed = fits.filter((fit) => fit.ended === "failed");
  if (best.failure) {
    problems.push({ severity: "error", title: brokenTitle(best), message: best.failure, fixes: [regularise, ...fewer] });
  } else if (failed.length > 0) {
    problems.push({
      severity: "warning",
      message: msg("{0} of {1} starts ended early, because a covariance became singular. Raise reg_covar to let them go on.", failed.length, fits.length),
      fixes: [regularise],
    });
  }
  const collapsed = Array.from(best.collapsed.keys()).filter((k) => best.collapsed[k]);
  if (collapsed.length > 0 && K > 1) {
    problems.push({
      severity: "warning",
      title: collapseTitle(collapsed.length),
      message: collapsed.length === 1
        ? msg("Component {0} has collapsed onto a few rows, so the likelihood means little. Use fewer components, raise reg_covar, or try more starts (n_init).", letter(collapsed[0]))
        : msg("Components {0} have collapsed onto a few rows, so the likelihood means little. Use fewer components, raise reg_covar, or try more starts (n_init).", collapsed.map(letter).join(", ")),
      fixes: fewer,
    });
  }
  if (best.ended === "max_iter") {
    const more = Math.min(10000, params.max_iter * 10);
    problems.push({
      severity: "warning",
      message: msg("EM had not converged after max_iter = {0} iterations. Raise max_iter, or continue from here.", params.max_iter),
      fixes: more > params.max_iter ? [{ label: msg("Set max_iter to {0}", more), params: { max_iter: more } }] : [],
    });
  }
  if (every > 1) {
    problems.push({ severity: "info", message: msg("Every {0}th iteration can be seen: all of them would take more than 16 MB. The fit made them all.", every) });
  }
  return problems;
}
