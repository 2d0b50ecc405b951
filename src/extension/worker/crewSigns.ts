/** What a helper and the thread that it helps tell each other in shared memory: that there is news, jobs finished, steps taken. */
export const Sign = { bell: 0, finished: 1, steps: 2, length: 3 } as const;
