import { parquetWriteBuffer } from 'hyparquet-writer';
import type { CompressionCodec } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;

/** A Parquet file of flat columns. */
export function parquetOf(columnData: readonly ColumnSource[], rowGroupSize = 1000): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData: [...columnData], rowGroupSize }));
}

/** A Parquet file whose pages, dictionaries too, have other bytes than they should: `packed`, whatever they say that these unpack to. */
export function packedParquet(
  columnData: readonly ColumnSource[],
  codec: CompressionCodec,
  packed: Uint8Array,
): Uint8Array {
  const compressors = { [codec]: () => packed };
  return new Uint8Array(parquetWriteBuffer({ columnData: [...columnData], codec, compressors }));
}

/** A Parquet file with columns of lists of whole numbers, and a flat one of words. */
export function parquetOfLists(
  lists: Readonly<Record<string, readonly (readonly number[])[]>>,
  words: ColumnSource,
): Uint8Array {
  const schema: Schema = [
    { name: 'schema', num_children: Object.keys(lists).length + 1 },
    ...Object.keys(lists).flatMap((name): Schema => [
      { name, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
    ]),
    { name: words.name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  const columnData = [...Object.entries(lists).map(([name, data]) => ({ name, data: [...data] })), words];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}

/** A Parquet file with pictures as Hugging Face writes them: a structure of bytes and path, and classes by number with their names. */
export function huggingFaceParquet(
  pictures: readonly { readonly bytes: Uint8Array | null; readonly path?: string; readonly label: number | null }[],
  names: readonly string[],
): Uint8Array {
  const schema: Schema = [
    { name: 'schema', num_children: 2 },
    { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
  ];
  const features = { image: { _type: 'Image' }, label: { names, _type: 'ClassLabel' } };
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'image', data: pictures.map(({ bytes, path = null }) => ({ bytes, path })) },
        { name: 'label', data: pictures.map(({ label }) => (label === null ? null : BigInt(label))) },
      ],
      schema,
      rowGroupSize: 5,
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    }),
  );
}

/** A Parquet file of one row without a value, whose only column is nested so many structures deep. */
export function nestedParquet(depth: number): Uint8Array {
  const schema: Schema = [
    { name: 'schema', num_children: 1 },
    ...Array.from({ length: depth }, (_, at): Schema[number] => ({
      name: `g${at}`,
      num_children: 1,
      repetition_type: 'OPTIONAL',
    })),
    { name: 'v', type: 'INT32', repetition_type: 'OPTIONAL' },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'g0', data: [null] }], schema }));
}
