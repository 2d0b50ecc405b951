/** The steps of a generator under another form; one that is returned early returns the generator too, and its helpers stop. */
export function* through<Y, Z, R>(steps: Generator<Y, R, void>, form: (step: Y) => Z): Generator<Z, R, void> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield form(step.value);
    }
  } finally {
    // Without effect on one that has ended.
    steps.return(undefined as R);
  }
}
