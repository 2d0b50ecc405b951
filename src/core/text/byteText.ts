const steps = ["", "k", "M", "G", "T", "P", "E"];

/** A number to three significant digits with the prefix of its power of 1,000: [249, "M"]. */
function scaled(value: number): readonly [string, string] {
  let step = 0;
  let size = value;
  for (; size >= 999.5 && step < steps.length - 1; step++) size /= 1000;
  return [step === 0 && Number.isInteger(size) ? String(size) : size.toPrecision(3), steps[step]];
}

/** "249 MB": bytes in powers of ten, as VS Code, file managers and makers of memory count. */
export function byteText(bytes: number): string {
  const [digits, prefix] = scaled(bytes);
  return `${digits} ${prefix}B`;
}

/** The same without zeros at its end: "4 MB", where `byteText` says "4.00 MB". */
export function shortByteText(bytes: number): string {
  const [digits, prefix] = scaled(bytes);
  return `${digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits} ${prefix}B`;
}

/** "272 MFLOPs": floating-point operations. */
export function flopText(flops: number): string {
  const [digits, prefix] = scaled(flops);
  return `${digits} ${prefix}FLOPs`;
}
