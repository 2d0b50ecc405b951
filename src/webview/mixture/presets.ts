import { defaultsOf, msg } from "../../core/contract/index.js";
import { mixtureParams } from "../../core/mixture/params.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import type { Preset } from "../view.js";

const { columns: _columns, computed: _computed, means_init: _means, draw_limit: _limit, ...defaults } = defaultsOf(mixtureParams);

/** The rows that the article's program drew as its start, as printed; the data have more digits. */
const publishedStart = [-0.88778576, 5.72909056];
const printed = 1e-5;

/** Sets of parameters with a name. On the article's own numbers "as published" starts where its program did. */
export function presetsFor(trace: MixtureTrace | undefined): readonly Preset[] {
  const start = trace?.D === 1 ? publishedStart.map((mean) => trace.points.find((x) => Math.abs(x - mean) < printed)) : [];
  const own = start.length > 0 && start.every((x) => x !== undefined);
  return [
    { label: msg("scikit-learn"), help: msg("The defaults of scikit-learn’s GaussianMixture, with K = 2."), params: { ...defaults, means_init: [] } },
    {
      label: msg("as published"),
      help: own
        ? msg("The article’s program on its own numbers: its two start points, unit variances, and its stop after one iteration. 30 bins.")
        : msg("The article’s program: two random points, unit variances, and its stop after one iteration. 30 bins."),
      params: {
        n_components: 2, covariance_type: "full", n_init: 1, stop_rule: "as-published", tol: 1e-6, max_iter: 100, reg_covar: 0,
        ...(own ? { init_params: "given", means_init: start.map((x) => [x]) } : { init_params: "random_from_data", means_init: [] }),
      },
    },
  ];
}
