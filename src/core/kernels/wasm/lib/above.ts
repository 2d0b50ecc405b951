/**
 * The places in `cells`, [m, width], row by row, of numbers that reach the limit of their row or of their column; NaN reaches none.
 * @param triangle whether only what is right of the diagonal counts
 * @param columnLimits [w], infinite behind the last to the next multiple of four
 * @returns how many there are
 */
export function above(cells: usize, m: i32, w: i32, width: i32, rowLimits: usize, columnLimits: usize, triangle: bool, places: usize): i32 {
  let found = places;
  for (let i = 0; i < m; i++) {
    const row = cells + (<usize>(i * width) << 2);
    const limit = v128.load32_splat(rowLimits + (<usize>i << 2));
    for (let j = triangle ? (i + 1) & ~3 : 0; j < w; j += 4) {
      const four = v128.load(row + (<usize>j << 2));
      const reached = v128.or(f32x4.ge(four, limit), f32x4.ge(four, v128.load(columnLimits + (<usize>j << 2))));
      let mask = i32x4.bitmask(reached);
      while (mask !== 0) {
        const column = j + ctz(mask);
        mask &= mask - 1;
        if (column >= w || (triangle && column <= i)) continue;
        store<i32>(found, i * width + column);
        found += 4;
      }
    }
  }
  return <i32>((found - places) >> 2);
}
