/** Work in steps: generators whose yields are the pauses, in which messages come in, and whose return value is what came of it. */

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

/** Takes the first step of some, which helpers may go on with, then all of others, and then the rest. @returns what both return */
export function* meanwhile<A, B>(steps: Generator<unknown, A, void>, others: Generator<unknown, B, void>): Generator<void, readonly [A, B], void> {
  try {
    let step = steps.next();
    const other = yield* through(others, () => undefined);
    for (; !step.done; step = steps.next()) yield;
    return [step.value, other];
  } finally {
    steps.return(undefined as A);
  }
}

/** All steps at once. */
export function finish<R>(steps: Generator<unknown, R, void>): R {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
