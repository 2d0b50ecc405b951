/** How pictures follow their texts: the settings lumen.live. */
export type Live = { readonly enabled: boolean; readonly delay: number };

/**
 * Follows a text once it has rested for a moment. While nobody can see the picture nothing is done: what was missed is made up
 * for as soon as it is seen.
 */
export class Following {
  private pause: ReturnType<typeof setTimeout> | undefined;
  private missed = false;

  constructor(
    private readonly live: () => Live,
    private readonly seen: () => boolean,
    private readonly act: (follows: boolean) => void,
  ) {}

  soon(): void {
    this.stop();
    const { enabled, delay } = this.live();
    this.pause = setTimeout(() => {
      if (this.seen()) this.act(enabled);
      else this.missed = true;
    }, delay);
  }

  /** The picture came into sight, or went out of it. */
  looked(): void {
    if (this.missed && this.seen()) this.soon();
  }

  /** What was to be done is done by something else, or of no use any more. */
  stop(): void {
    clearTimeout(this.pause);
    this.missed = false;
  }
}
