import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readModel } from '../../../electron/files/models';
import { encodeSafetensors } from '../../../electron/files/safetensors';
import { convloom } from '../../support/commandLine';
import { modelFolder, runFolder, seededWeights } from '../../support/modelFolder';
import { chain } from '../../support/chain';

const network = chain([
  ['x', 'input', { shape: [8, 8, 1] }],
  ['c', 'conv', { filters: 2, kernelSize: 3 }],
  ['f', 'fc', { units: 3 }],
]);
const other = chain([
  ['x', 'input', { shape: [8, 8, 1] }],
  ['c', 'conv', { filters: 2, kernelSize: 5 }],
  ['h', 'fc', { units: 3 }],
]);
const data = { task: 'classification', classes: ['a', 'b', 'c'], inputShape: [8, 8, 1], scaling: null } as const;

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-import-'));
  process.env['CONVLOOM_HOME'] = at('home');
  await writeFile(at('network.json'), JSON.stringify(network));
});
afterEach(async () => {
  delete process.env['CONVLOOM_HOME'];
  await rm(dir, { recursive: true, force: true });
});

type Imported = {
  readonly document: string | null;
  readonly model: string | null;
  readonly report: readonly { readonly source: string; readonly nodeId: string | null; readonly status: string }[];
  readonly proof: unknown;
};
type Failed = { readonly diagnostics: readonly { readonly code: string; readonly message: string }[] };

describe('convloom import', () => {
  it('turns a run into one model file that stands alone, and that into a folder and a network file', async () => {
    await runFolder(at('run'), network, data, 'mnist');
    const first = await convloom('import', at('run'), '-o', at('a.convloom-model'), '--json');
    expect(first.code).toBe(0);
    expect(first.json()).toMatchObject({ document: null, model: at('a.convloom-model'), proof: null });
    const one = await readModel(at('a.convloom-model'));
    expect(one.ok && one.value.document.train?.data).toBe('mnist');
    expect(one.ok && one.value.facts.data).toEqual(data);

    const second = (await convloom('import', at('a.convloom-model'), '-o', at('folder'), '--json')).json() as Imported;
    expect(second).toMatchObject({ document: join(at('folder'), 'network.json'), model: at('folder') });
    const again = await readModel(at('folder'));
    expect(again).toEqual(one);
    expect(second.report.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      ['x', 'same'],
      ['c', 'same'],
      ['f', 'same'],
    ]);

    const third = await convloom('import', at('folder'), '-o', at('plain.json'), '--json');
    expect(third.json()).toMatchObject({ document: at('plain.json'), model: null });
    expect(JSON.parse(await readFile(at('plain.json'), 'utf8'))).toMatchObject({ format: 'convloom.network' });
  });

  it('puts bare weights on a network by name and shape, and reports each', async () => {
    const { 'c/kernel': kernel, 'c/bias': bias } = seededWeights(network, 7);
    const tensors = {
      'c.kernel': kernel!,
      'c/bias': { ...bias!, shape: [2, 1] },
      'other/weight': bias!,
      'f/bias': { dtype: 'int32', shape: [3], data: new Int32Array(3) } as const,
    };
    await writeFile(at('w.safetensors'), encodeSafetensors(tensors));
    const given = ['import', at('w.safetensors'), '--onto', at('network.json'), '-o', at('model'), '--json'];
    const { code, json } = await convloom(...given);
    expect(code).toBe(0);
    expect((json() as Imported).report.map(({ source, nodeId, status }) => [source, nodeId, status])).toEqual([
      ['c.kernel', 'c', 'same'],
      ['c/bias', 'c', 'left'],
      ['other/weight', null, 'left'],
      ['f/bias', 'f', 'left'],
      ['c/bias', 'c', 'left'],
      ['f/kernel', 'f', 'left'],
      ['f/bias', 'f', 'left'],
    ]);
    const model = await readModel(at('model'));
    expect(model.ok && model.value.weights['c/kernel']).toEqual(kernel);
    expect(model.ok && Object.keys(model.value.weights)).toEqual(['c/kernel', 'c/bias', 'f/kernel', 'f/bias']);
    expect((await convloom(...given)).code).toBe(2);
  });

  it.each<[string, Buffer | string, number, string]>([
    ['weights without a network', encodeSafetensors({}), 2, 'import/needs-network'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n', 2, 'import/unsupported'],
    ['a web page', '<html>', 2, 'import/unsupported'],
    ['a network that is none', '{"format":"convloom.network"}', 2, 'document/missing-field'],
  ])('refuses %s and writes nothing', async (_what, content, code, diagnostic) => {
    await writeFile(at('in'), content);
    const refused = await convloom('import', at('in'), '-o', at('out'), '--json');
    expect([refused.code, (refused.json() as Failed).diagnostics[0]!.code]).toEqual([code, diagnostic]);
    expect(existsSync(at('out'))).toBe(false);
  });

  it('writes no model of a network without weights', async () => {
    const refused = await convloom('import', at('network.json'), '-o', at('a.convloom-model'), '--json');
    expect([refused.code, (refused.json() as Failed).diagnostics[0]!.code]).toEqual([2, 'model/needs-weights']);
    expect(existsSync(at('a.convloom-model'))).toBe(false);
  });

  it('refuses weights none of which fits, by the names of both sides', async () => {
    await writeFile(at('w.safetensors'), encodeSafetensors({ 'conv1.weight': seededWeights(network)['c/kernel']! }));
    const refused = await convloom(
      'import',
      at('w.safetensors'),
      '--onto',
      at('network.json'),
      '-o',
      at('m'),
      '--json',
    );
    expect(refused.code).toBe(1);
    const [first] = (refused.json() as Failed).diagnostics;
    expect(first!.code).toBe('import/nothing-matches');
    expect(first!.message).toMatch(/conv1\.weight.*c\/kernel/);
  });

  it('says that a file is not there with exit code 2', async () => {
    expect((await convloom('import', at('nothing'), '-o', at('out'))).code).toBe(2);
  });
});

describe("convloom export with a model's weights", () => {
  it('writes the weights of a run and of a model, and takes their network where no file is named', async () => {
    await runFolder(at('run'), network, data, 'mnist');
    await modelFolder(at('model'), network, data);
    for (const name of ['run', 'model']) {
      const output = at(`${name}-project`);
      const written = await convloom('export', '--run', at(name), '--to', 'typescript', '-o', output, '--json');
      expect(written.code).toBe(0);
      expect(await readdir(output)).toEqual(expect.arrayContaining(['weights.json', 'weights.bin', 'package.json']));
      const index = JSON.parse(await readFile(join(output, 'weights.json'), 'utf8')) as { readonly name: string }[];
      expect(index.map((entry) => entry.name)).toEqual(['c/kernel', 'c/bias', 'f/kernel', 'f/bias']);
    }
  });

  it('takes the weights of a run that trained one of two outputs, and of no other network with a head more', async () => {
    const nodes = [...network.nodes, { id: 'extra', kind: 'fc', params: { units: 2 } }];
    const twoHeads = { ...network, nodes, edges: [...network.edges, { from: 'c', to: 'extra' }] };
    const trained = seededWeights(network);
    await modelFolder(at('named'), { ...twoHeads, train: { output: 'f' } }, data, trained);
    await modelFolder(at('unnamed'), twoHeads, data, trained);
    const exportOf = (name: string) =>
      convloom('export', '--run', at(name), '--to', 'typescript', '-o', at(`${name}-out`));
    expect((await exportOf('named')).code).toBe(0);
    const index = JSON.parse(await readFile(join(at('named-out'), 'weights.json'), 'utf8')) as {
      readonly name: string;
    }[];
    expect(index.map(({ name }) => name)).toEqual(expect.arrayContaining(['f/kernel', 'extra/kernel', 'extra/bias']));
    expect((await exportOf('unnamed')).code).toBe(1);
  });

  it('is refused for weights of another network, with names and shapes, exit code 1, and nothing written', async () => {
    await modelFolder(at('model'), other, data);
    const args = ['export', at('network.json'), '--run', at('model'), '--to', 'typescript', '-o', at('out'), '--json'];
    const refused = await convloom(...args);
    expect(refused.code).toBe(1);
    const [first] = (refused.json() as Failed).diagnostics;
    expect(first!.code).toBe('export/weights-do-not-fit');
    expect(first!.message).toContain('c/kernel is [5, 5, 1, 2] instead of [3, 3, 1, 2]');
    expect(first!.message).toContain('f/kernel [72, 3] is missing');
    expect(first!.message).toContain('h/kernel [32, 3] has no place');
    expect((await readdir(dir)).toSorted()).toEqual(
      ['home', 'model', 'network.json'].filter((name) => existsSync(at(name))),
    );
  });
});
