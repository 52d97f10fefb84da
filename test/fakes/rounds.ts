/**
 * How often something is tried: a small number in `npm test`, the full one in `npm run soak:tests`. Both are printed, so that
 * nobody takes the small one for the proof.
 */
export function rounds(
  what: string,
  { test, soak }: { readonly test: number; readonly soak: number },
): number {
  const isSoak = process.env.MUSTER_SOAK === '1';
  process.stdout.write(
    isSoak
      ? `${what}: ${soak} rounds (${test} in npm test)\n`
      : `${what}: ${test} rounds (${soak} in npm run soak:tests)\n`,
  );
  return isSoak ? soak : test;
}
