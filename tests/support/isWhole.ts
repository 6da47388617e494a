/** True in `npm run projects`, which takes its time; `npm test` leaves out what shows in another way what it shows anyway. */
export const isWhole = process.env['CONVLOOM_ALL'] !== undefined;

/** All cases when {@link isWhole}; else `most` of them, spread evenly from the first on. */
export function some<T>(cases: readonly T[], most: number): readonly T[] {
  if (isWhole || cases.length <= most) return cases;
  return Array.from({ length: most }, (_, at) => cases[Math.floor((at * cases.length) / most)]!);
}
