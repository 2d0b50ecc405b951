/** The letter that names component k: A … Z, then AA, AB … */
export function letter(k: number): string {
  const last = String.fromCharCode(65 + (k % 26));
  return k < 26 ? last : letter(Math.floor(k / 26) - 1) + last;
}
