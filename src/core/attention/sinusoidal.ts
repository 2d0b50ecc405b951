/**
 * Sinusoidal positions (Vaswani et al. 2017, section 3.5): sin(p / base^(2i/d)) at 2i and the cosine at 2i + 1.
 * @param positions one row each
 * @returns [positions, width]; of an odd width the last number is a sine
 */
export function sinusoidalPositions(positions: ArrayLike<number>, width: number, base = 10000): Float64Array {
  const out = new Float64Array(positions.length * width);
  for (let p = 0; p < positions.length; p++) {
    for (let i = 0; i < width; i++) {
      const angle = positions[p] / base ** ((i - (i % 2)) / width);
      out[p * width + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return out;
}
