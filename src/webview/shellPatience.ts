/** Whether the run under way has taken long enough to speak of it. */
export interface Patience {
  readonly late: boolean;
  /** A run began. */
  begin(): void;
}

/** A run shorter than this shows nothing of its progress, and its old picture is not greyed. */
const patience = 150;

/** `run` is called when the patience is over. */
export function createPatience(run: () => void): Patience {
  let late = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    get late() {
      return late;
    },
    begin() {
      late = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        late = true;
        run();
      }, patience);
    },
  };
}
