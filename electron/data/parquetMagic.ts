/** The first and the last four bytes of every Parquet file. */
export const parquetMagic = 'PAR1';

/** Whether a file is a Parquet file, by its first bytes. */
export function isParquet(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, parquetMagic.length)).toString('latin1') === parquetMagic;
}
