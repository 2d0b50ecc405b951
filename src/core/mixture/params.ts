import { msg, type ParamsOf } from "../contract/index.js";

/** The mixture's parameters, under scikit-learn's names and with its defaults where it has them. */
export const mixtureParams = {
  n_components: { kind: "int", min: 1, max: 30, default: 2, label: "n_components", help: msg("How many components (K) share the data.") },
  covariance_type: {
    kind: "choice",
    default: "full",
    label: "covariance_type",
    help: msg("What shapes the components may take."),
    options: [
      { value: "full", label: msg("full: each its own ellipse") },
      { value: "tied", label: msg("tied: one ellipse for all") },
      { value: "diag", label: msg("diag: ellipses along the axes") },
      { value: "spherical", label: msg("spherical: circles") },
    ],
  },
  columns: { kind: "columns", default: [], label: "columns", help: msg("The columns to fit. Numeric columns are preselected.") },
  computed: { kind: "computed", default: [], label: "computed", help: msg("Columns computed from others, such as log(price) or a / b.") },
  init_params: {
    kind: "choice",
    default: "k-means++",
    label: "init_params",
    help: msg("Where the components start. EM finds the nearest local optimum, so the start matters."),
    options: [
      { value: "k-means++", label: msg("k-means++: far-apart points of the data") },
      { value: "kmeans", label: msg("kmeans: a finished k-means") },
      { value: "random_from_data", label: msg("random points, unit variance: the article's way") },
      { value: "given", label: msg("given: means placed by hand") },
    ],
  },
  means_init: { kind: "rows", default: [], label: "means_init", help: msg("Start means, one row a component, placed by dragging in the picture.") },
  n_init: { kind: "int", min: 1, max: 100, default: 1, label: "n_init", help: msg("How many starts to try. All are kept; the best is shown first.") },
  stop_rule: {
    kind: "choice",
    default: "lower_bound",
    label: "stop rule",
    help: msg("What must change by less than tol for EM to stop."),
    options: [
      { value: "lower_bound", label: msg("lower bound: mean log-likelihood, as scikit-learn") },
      { value: "parameters", label: msg("parameters: the largest change, as the article means it") },
      { value: "as-published", label: msg("as published: the article's program, which stops after one iteration") },
    ],
  },
  max_iter: { kind: "int", min: 1, max: 10000, default: 100, label: "max_iter", help: msg("The most iterations a start may take.") },
  tol: { kind: "number", min: 0, max: 1, default: 1e-3, scale: "log", label: "tol", help: msg("The threshold of the stop rule.") },
  reg_covar: {
    kind: "number", min: 0, max: 1e6, default: 1e-6, scale: "log", label: "reg_covar",
    help: msg("Added to the diagonal of every covariance, so that none collapses onto a point."),
  },
  sweep_max: {
    kind: "int", min: 0, max: 30, default: 6, label: "K to compare",
    help: msg("AIC and BIC for every K from 1 to this number; 0 turns the comparison off."),
  },
  sweep_n_init: { kind: "int", min: 1, max: 20, default: 5, label: "starts for each K", help: msg("How many starts each K of the comparison gets."), advanced: true },
  sweep_always: {
    kind: "boolean", default: false, label: "compare K however long it takes", advanced: true,
    help: msg("Otherwise the comparison is left out when it would take more than a few seconds."),
  },
  random_state: { kind: "int", min: 0, max: 4294967295, default: 0, label: "random_state", help: msg("The seed. The same seed gives the same trace.") },
  draw_limit: {
    kind: "int", min: 100, max: 2000000, default: 20000, label: "points drawn", advanced: true,
    help: msg("At most so many points are drawn; the fit always uses all of them."),
  },
} as const;

export type MixtureParams = ParamsOf<typeof mixtureParams>;
export type CovarianceType = MixtureParams["covariance_type"];
export type StopRule = MixtureParams["stop_rule"];
