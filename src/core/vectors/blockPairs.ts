/** Of the pairs of so many blocks, those with themselves among them, how many there are. */
export function blockPairs(blocks: number): number {
  return (blocks * (blocks + 1)) / 2;
}

/** Which two blocks of rows are a pair: row by row, from the diagonal on. */
export function blockPair(pair: number, blocks: number): readonly [row: number, column: number] {
  let row = 0;
  let left = pair;
  for (; left > 0 && left >= blocks - row; row++) left -= blocks - row;
  return [row, row + left];
}
