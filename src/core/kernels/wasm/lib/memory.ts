/** The first byte that the module itself does not use: what it works on is laid down from here. */
export function heapBase(): usize {
  return __heap_base;
}
