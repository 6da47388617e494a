import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeModel } from '../../../electron/engines/onnxruntime/proto';
import { readers } from '../../../electron/host/imports/readers';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { weightDifferences } from '../../../shared/compile/networkWeights';
import { flatNetwork } from '../../../shared/document/expand';
import type { NetworkDocument } from '../../../shared/schema/document';
import { askHere, forwardHere } from '../../support/forward';
import { seededWeights } from '../../support/modelFolder';
import { onnxModel } from '../../support/onnxExport';
import { readTemplate, templateNames } from '../../support/templatePrograms';
import { isWhole, some } from '../../support/isWhole';

const ask = askHere();
const forward = forwardHere(ask);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-onnx-test-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Larger templates are compared in their costs alone, and the largest not at all: their weights would fill the memory of a test. */
const mostRun = 3_000_000;
const mostParams = isWhole ? 30_000_000 : 12_000_000;

/** How often each kind is there; a file has no dropout, and an activation of a layer is a node of its own. */
function kindsOf(document: NetworkDocument): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (kind: string): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  for (const { kind, params } of flatNetwork(document).nodes) {
    if (kind === 'dropout') continue;
    count(kind);
    const own = params['activation'];
    if (typeof own === 'string' && own !== 'linear') count('activation');
  }
  return counts;
}

describe('a template that goes to ONNX and comes back', () => {
  it.each(some(templateNames, 12))('%s is the same network', async (name) => {
    const document = readTemplate(name);
    const { totals, outputs, nodes } = analyzeNetwork(document);
    if (totals.params > mostParams) return;
    const path = join(dir, `${name}.onnx`);
    await writeFile(path, encodeModel(onnxModel(document, seededWeights(document, 5))));
    const read = await readers.onnx({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const back = read.value;
    const analysis = analyzeNetwork(back.document);
    expect(back.report.filter(({ status }) => status === 'opaque')).toEqual([]);
    expect({ params: analysis.totals.params, macs: analysis.totals.macs }).toEqual({
      params: totals.params,
      macs: totals.macs,
    });
    expect(analysis.outputs.map((id) => analysis.nodes.get(id)?.outputShape)).toEqual(
      outputs.map((id) => nodes.get(id)?.outputShape),
    );
    expect(kindsOf(back.document)).toEqual(kindsOf(document));
    expect(weightDifferences(analysis, back.model!.weights)).toEqual([]);
    if (totals.params > mostRun) return;
    const { proof, skipped } = await back.prove!(back.model!, forward, ask);
    expect(skipped).toBeNull();
    expect(proof!.maxDifference).toBeLessThanOrEqual(1e-4 * proof!.scale);
  });
});
