/** Compares as Rust's `BTreeMap<String, _>` does: by UTF-8 bytes, where JavaScript would compare UTF-16 units. */
export function byByteOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
