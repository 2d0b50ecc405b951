/** Waits until `probe` gives something other than undefined or false, and returns it. `what` is for the error message. */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, limit = 60_000): Promise<T> {
  const end = Date.now() + limit;
  let last: unknown;
  let pause = 10;
  do {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(50, 1.5 * pause);
  } while (Date.now() < end);
  throw new Error(`Waited ${limit / 1000} s for: ${what}.${last instanceof Error ? ` Last error: ${last.message}` : ""}`);
}
