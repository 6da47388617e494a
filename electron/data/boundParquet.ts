/**
 * What a part of one column may have of values, all its pages together: V8 ends the whole process, whatever thread asks, for an array that
 * grows beyond twice as many. And what may have so many whatever its size, besides those that each byte may stand for: a page of the
 * same value a million times over takes some thirty bytes, and a file of a hundred must not keep anybody waiting.
 */
const mostValues = 2 ** 26;
const freeValues = 2 ** 22;
const valuesPerByte = 1000;

/** Places of the library, and what stands there in the build. */
const changes: readonly { readonly file: string; readonly from: string; readonly to: string }[] = [
  {
    // A run of one value is as long as it says, and the page as long as its header says: five bytes ask for two thousand million places.
    file: '/hyparquet/src/encoding.js',
    from: 'for (let i = 0; i < count; i++) {\n    output[seen + i] = value',
    to: 'for (let i = 0; i < count && seen + i < output.length; i++) {\n    output[seen + i] = value',
  },
  {
    // A match is as long as it says: 800 kB ask for 200 MB, byte by byte.
    file: '/hyparquet-compressors/src/lz4.js',
    from: 'const end = len + matchLength\n',
    to: "const end = len + matchLength\n    if (end > output.length) throw new Error('there is more in it')\n",
  },
  {
    file: '/hyparquet/src/column.js',
    from: '  const type = PageTypes[header.field_1]\n',
    // A size that is missing is no number, and what is behind it has no place: the library would look for it without end.
    to: `  const { field_5: definitionBytes, field_6: repetitionBytes } = header.field_8 ?? { field_5: 0, field_6: 0 }
  if (![header.field_2, header.field_3, definitionBytes, repetitionBytes].every((size) => size >= 0)) {
    throw new Error('parquet page without a size')
  }
  for (const { field_1: count } of [header.field_5, header.field_7, header.field_8].filter(Boolean)) {
    reader.valueCount = (reader.valueCount ?? 0) + count
    const most = Math.min(${mostValues}, ${freeValues} + ${valuesPerByte} * reader.view.byteLength)
    if (!(count >= 0 && reader.valueCount <= most)) {
      throw new Error(\`parquet part of a column is to have \${reader.valueCount} values; \${most} are read\`)
    }
  }
  const type = PageTypes[header.field_1]
`,
  },
];

/** As much of a bundler's plugin as a change of sources needs. */
type ChangePlugin = { readonly name: string; transform(code: string, id: string): string | null };

/** Builds the reader of Parquet files so that no count in a file is believed before there is room for it. */
export function boundParquet(): ChangePlugin {
  return {
    name: 'convloom:parquet',
    transform(code, id) {
      const own = changes.filter(({ file }) => id.replaceAll('\\', '/').split('?')[0]?.endsWith(file) === true);
      return own.length === 0
        ? null
        : own.reduce((text, { file, from, to }) => replaceOnce(file, text, from, to), code);
    },
  };
}

/** A new version of the library may have mended it, or have the fault elsewhere: somebody has to look. */
function replaceOnce(file: string, code: string, from: string, to: string): string {
  const parts = code.replaceAll('\r\n', '\n').split(from);
  if (parts.length !== 2) throw new Error(`${file} is no longer as boundParquet.ts knows it`);
  return parts.join(to);
}
