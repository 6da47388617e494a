import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCaffeText } from '../../../electron/host/imports/caffe';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { differenceTo, readAnswers, whole } from '../../support/forwardByDefinition';

const folder = join(import.meta.dirname, '../../fixtures/caffe');
const answers = readAnswers(join(folder, 'answers.json'));

async function read(name: string) {
  return whole(await readCaffeText({ path: join(folder, `${name}.prototxt`), onto: undefined, signal: undefined }));
}

describe('a Caffe network with its model beside it', () => {
  it.each([
    ['layers', 6 * 18 + 6 + 4 * 6 + 6 + 6 + (12 * 16 + 1) * 8 + 40],
    ['up', 27 * 4 + 4 + 8 + 2 + 64 + 32],
    ['old', 75 + 3 + 49 * 4],
  ])('%s: has %i parameters and the values that Caffe’s layers compute', async (name, params) => {
    const imported = await read(name);
    const { totals } = analyzeNetwork(imported.document);
    expect(totals.params).toBe(params);
    expect(await differenceTo(imported, answers[name]!)).toBeLessThan(1e-5);
  });

  it('says of each layer what became of it', async () => {
    const { report, document } = await read('layers');
    const said = new Map(report.map(({ source, status, nodeId }) => [source, [status, nodeId]]));
    expect(said.get('bn_scale')).toEqual(['changed', 'bn']);
    expect(said.get('norm1')).toEqual(['changed', 'norm1']);
    expect(said.get('loss')).toEqual(['left', null]);
    expect(document.nodes.find(({ id }) => id === 'bn')?.params).toEqual({ epsilon: 1e-4, momentum: 0.999 });
  });

  it('takes the functions behind its layers into them, and keeps frozen weights frozen', async () => {
    const { document } = await read('up');
    const params = Object.fromEntries(document.nodes.map((node) => [node.id, node.params]));
    expect(params['conv']).toMatchObject({ activation: 'relu', padding: 5 });
    expect(params['upscore']).toMatchObject({ trainable: false, useBias: false });
    expect(params['cut']).toEqual({ offset: [4, 3] });
  });

  it('leaves labels and losses of a training out, with the reason', async () => {
    const { report, document } = await read('old');
    expect(document.nodes.map(({ id }) => id)).toEqual(['data', 'conv1', 'pool1', 'ip']);
    expect(report.filter(({ status }) => status === 'left').map(({ source }) => source)).toEqual([
      'accuracy',
      'loss',
      'digits',
    ]);
  });
});
