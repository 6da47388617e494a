import { File, ready } from 'h5wasm';
import { expect, it } from 'vitest';
import { readHdfContent } from '../../../electron/host/imports/hdfContent';

it('reads a large dataset some rows at a time, and every value of it', async () => {
  const { FS } = await ready;
  const [rows, columns] = [5, 2 ** 20 + 3];
  const data = Float32Array.from({ length: rows * columns }, (_, at) => at % 65_521);
  const file = new File('/large.h5', 'w');
  file.create_dataset({ name: 'plain', data, shape: [rows, columns] });
  file.create_dataset({ name: 'chunked', data, shape: [rows, columns], chunks: [2, 2 ** 16] });
  file.close();
  const bytes = FS.readFile('/large.h5');
  FS.unlink('/large.h5');
  const { content } = await readHdfContent(bytes.slice(), () => undefined);
  if ('broken' in content) throw new Error(content.broken);
  for (const path of ['/plain', '/chunked']) {
    const found = content.datasets.get(path);
    if (found === undefined || 'broken' in found) throw new Error(path);
    expect(found.shape).toEqual([rows, columns]);
    expect(Buffer.compare(Buffer.from((found.data as Float32Array).buffer), Buffer.from(data.buffer)), path).toBe(0);
  }
});
