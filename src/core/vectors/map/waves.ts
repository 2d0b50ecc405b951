/** Blocks of rows whose pairs with many columns are looked at together, at most. */
const BAND = 6;

/** Pairs of blocks of points: those of some blocks of rows with some blocks of columns that are not before them. */
export type Wave = { readonly row: number; readonly rows: number; readonly column: number; readonly columns: number };

/** All pairs of so many blocks, in waves of at most `most`. Every block meets the others in their order. */
export function* waves(blocks: number, most: number): Generator<Wave, void, void> {
  for (let row = 0, rows: number; row < blocks; row += rows) {
    // Rows keep anything at first: few at once, so that limits are soon known.
    rows = Math.min(BAND, most, Math.max(1, row), blocks - row);
    const columns = Math.floor(most / rows);
    for (let column = row; column < blocks; column += columns) yield { row, rows, column, columns: Math.min(columns, blocks - column) };
  }
}

/** The blocks of a wave: those of the rows, and those of the columns that are not among them. */
export function blocksOf({ row, rows, column, columns }: Wave): number[] {
  const all = Array.from({ length: rows }, (_, at) => row + at);
  for (let at = Math.max(column, row + rows); at < column + columns; at++) all.push(at);
  return all;
}

/** How many of its pairs are looked at. */
export function pairsOf({ row, rows, column, columns }: Wave): number {
  let pairs = 0;
  for (let own = row; own < row + rows; own++) pairs += Math.max(0, column + columns - Math.max(column, own));
  return pairs;
}
