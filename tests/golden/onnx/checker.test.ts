import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { encodeModel } from '../../../electron/engines/onnxruntime/proto';
import { findPython, runPython } from '../../../electron/host/exports/python';
import { itUnless } from '../../support/skip';
import { onnxModel } from '../../support/onnxExport';
import { closedNetwork, randomWeightsOf } from '../../support/referenceAnswer';
import { networks } from '../typescript/cases';
import { onnxNetworks } from './cases';

const python = await findPython(['onnx']);

itUnless(
  python.path === null ? python.why.en : null,
  "passes ONNX's own checker, shapes included, whatever kinds it has",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'convloom-checker-'));
    try {
      const all = Object.entries({ ...networks, ...onnxNetworks });
      const paths = all.map(([name]) => join(dir, `${name}.onnx`));
      for (const [at, [, document]] of all.entries()) {
        const model = onnxModel(document, randomWeightsOf(closedNetwork(document, 12)));
        await writeFile(paths[at]!, encodeModel(model));
      }
      const script = join(import.meta.dirname, 'checker.py');
      const { code, out, error } = await runPython(python.path!, [script, ...paths], { timeoutMs: 120_000 });
      expect(error).toBe('');
      expect(code).toBe(0);
      const checked = Object.values(JSON.parse(out) as { [path: string]: { opset: number; stated: number } });
      expect(checked).toHaveLength(all.length);
      expect(new Set(checked.map(({ opset }) => opset))).toEqual(new Set([13, 17, 18]));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
