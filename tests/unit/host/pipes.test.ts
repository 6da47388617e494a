import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHost, type Host } from '../../../electron/host';
import { readCheckpoint } from '../../../electron/files/checkpoint';
import { readEvents } from '../../../electron/files/metricsLog';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';
import { useDataFolder } from '../../support/dataFolder';
import { modelFolder, runFolder } from '../../support/modelFolder';
import { describeUnless, noPosix } from '../../support/skip';

// Who opens a pipe that nobody writes to waits for ever, and four who wait stop all file work of a process.
const folder = useDataFolder();
const makePipe = (name: string): string => {
  execFileSync('mkfifo', [folder.at(name)]);
  return folder.at(name);
};
const network = chain([
  ['in', 'input', { shape: [2] }],
  ['f', 'fc', { units: 2 }],
]);
const data = { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null } as const;

describeUnless(noPosix, 'a pipe in the place of a file', () => {
  let host: Host;
  beforeEach(() => {
    host = createHost({ form: 'memory', dataDir: folder.at('home') });
  });
  afterEach(() => host.dispose());

  const imported = async (path: string, weights?: string) => {
    const answer = await host.request('import.read', { path, ...(weights === undefined ? {} : { weights }) });
    return answer.ok ? [] : answer.diagnostics.map(({ code }) => code);
  };

  it.each(['a.onnx', 'a.h5', 'a.keras', 'a.pt', 'a.safetensors', 'a.tflite', 'a.prototxt', 'a.nntxt', 'a.pb'])(
    '%s is not imported, and nothing waits for it',
    async (name) => {
      expect(await imported(makePipe(name))).toEqual(['file/not-regular']);
    },
  );

  it('is neither a model nor the weights of one', async () => {
    expect(await imported(makePipe('a.convloom-model'))).toEqual(['file/not-regular']);
    const answer = await host.request('model.info', { model: { type: 'path', path: folder.at('a.convloom-model') } });
    expect(answer).toMatchObject({ ok: false, diagnostics: [{ code: 'file/not-regular' }] });
    await folder.put('net.prototxt', 'name: "x"');
    expect(await imported(folder.at('net.prototxt'), makePipe('w.caffemodel'))).toEqual(['file/not-regular']);
  });

  it.each(['run.json', 'network.json', 'weights.safetensors'])('%s makes a run that cannot be read', async (name) => {
    const dir = await runFolder(folder.at('run'), network, data, 'mnist');
    await rm(folder.at('run/model.json'));
    await rm(folder.at(`run/${name}`));
    makePipe(`run/${name}`);
    const info = await host.request('model.info', { model: { type: 'path', path: dir } });
    expect(info.ok).toBe(false);
    if (name === 'run.json') expect((await host.request('run.follow', { dir })).ok).toBe(false);
  });

  it('is no log, no checkpoint, and no facts of a model', async () => {
    const dir = await modelFolder(folder.at('model'), network, data);
    makePipe('model/metrics.jsonl');
    makePipe('model/checkpoint.safetensors');
    await expect(readEvents(dir, 10)).rejects.toThrow('not a regular file');
    expect((await readCheckpoint(dir)).ok).toBe(false);
    await rm(folder.at('model/model.json'));
    makePipe('model/model.json');
    expect((await host.request('model.info', { model: { type: 'path', path: dir } })).ok).toBe(false);
  });

  it('is nothing that a run starts from', async () => {
    const from = { type: 'path', path: makePipe('w.safetensors') } as const;
    const answer = await host.request('run.start', { document: network, config: defaultTrainingConfig, from });
    expect(answer).toMatchObject({ ok: false, diagnostics: [{ code: 'file/not-regular' }] });
  });

  it('is no settings: they are put aside and begin anew', async () => {
    await folder.put('home/a', '');
    makePipe('home/settings.json');
    expect(await host.request('settings.set', { theme: 'dark' })).toMatchObject({ ok: true, value: { theme: 'dark' } });
  });
});
