import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCaffeModel, readCaffeText } from '../../../electron/host/imports/caffe';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { alexNet, fcn, vgg16 } from '../../support/caffeNets';

const fixtures = join(import.meta.dirname, '../../fixtures/caffe');

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-caffe-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function readText(words: string) {
  writeFileSync(at('net.prototxt'), words);
  return await readCaffeText({ path: at('net.prototxt'), onto: undefined, signal: undefined });
}

async function refusal(words: string): Promise<readonly [string, string] | null> {
  const read = await readText(words);
  if (read.ok) return null;
  expect(read.diagnostics).toHaveLength(1);
  return [read.diagnostics[0]!.code, read.diagnostics[0]!.summary.en];
}

describe('a published network in Caffe’s text', () => {
  it.each<[string, string, number, number | null, readonly number[]]>([
    ['CaffeNet', alexNet(true), 60_965_224, 724_406_816, [1000]],
    ['AlexNet', alexNet(false), 60_965_224, 724_406_816, [1000]],
    ['VGG-16', vgg16(), 138_357_544, 15_470_264_320, [1000]],
    ['FCN-32s', fcn(32), 136_152_917, null, [500, 500, 21]],
    ['FCN-16s', fcn(16), 134_815_994, null, [500, 500, 21]],
    ['FCN-8s', fcn(8), 134_489_759, null, [500, 500, 21]],
  ])('%s has the parameters and shapes of its paper', async (_name, words, params, macs, output) => {
    const read = await readText(words);
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    const { totals, nodes, diagnostics } = analyzeNetwork(read.value.document);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(totals.params).toBe(params);
    if (macs !== null) expect(totals.macs).toBe(macs);
    expect([...nodes.values()].at(-1)?.outputShape).toEqual(output);
    expect(read.value.model).toBeNull();
  });
});

const head = 'name: "n"\ninput: "data"\ninput_dim: 1\ninput_dim: 2\ninput_dim: 6\ninput_dim: 6\n';
const conv = (more = '') =>
  `layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 3 kernel_size: 3 ${more} } }\n`;

describe('a Caffe text', () => {
  it('may be written in any of the ways that protocol buffers allow', async () => {
    const words = `# a comment\nname: 'n' ; input: "da" "ta"\r\ninput_shape: < dim: [1, 2, 6, 6] >,\nlayer: { name: "c", type: "Convolution"
      bottom: "data" top: "c" convolution_param < num_output: 0x3 kernel_size: 3 # three
      dilation: 2 > unknown_param { deep { er: -1.5e-3f } [ext.field]: "é\\"\\n" } }`;
    const read = await readText(words);
    expect(read.ok && read.value.document.nodes[1]).toMatchObject({
      id: 'c',
      params: { filters: 3, kernelSize: 3, dilationRate: 2 },
    });
  });

  it('keeps values within bounds, and has its softmax along any axis of a map', async () => {
    const read = await readText(
      `${head}layer { name: "k" type: "Clip" bottom: "data" top: "k" clip_param { min: -0.5 max: 2 } }
      layer { name: "s" type: "Softmax" bottom: "k" top: "s" softmax_param { axis: 3 } }`,
    );
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    expect(read.value.document.nodes.slice(1).map(({ params }) => params)).toEqual([
      { function: 'clip', min: -0.5, max: 2 },
      { function: 'softmax', axis: 'width' },
    ]);
  });

  it('lets no function into a layer whose values go on elsewhere', async () => {
    const words = `${head}${conv()}layer { name: "s" type: "Split" bottom: "c" top: "a" top: "b" }
      layer { name: "r" type: "ReLU" bottom: "a" top: "a" }
      layer { name: "e" type: "Eltwise" bottom: "a" bottom: "b" top: "e" }`;
    const read = await readText(words);
    expect(read.ok && read.value.document.nodes.map(({ id }) => id)).toEqual(['data', 'c', 'r', 'e']);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a layer that is not known',
      `${conv()}layer { name: "p" type: "Python" bottom: "c" top: "p" }`,
      'import/layer-unknown',
      /“p” is a Python/,
    ],
    [
      'a layer called as every object has one',
      'layer { name: "p" type: "constructor" bottom: "data" top: "p" }',
      'import/layer-unknown',
      /constructor/,
    ],
    [
      'a blob that is not there',
      'layer { name: "r" type: "ReLU" bottom: "x" top: "r" }',
      'import/damaged',
      /“r” reads “x”/,
    ],
    ['a kernel larger than its map', conv('kernel_size: 9'), 'import/layer-unknown', /“c”/],
    ['a size that no memory holds', conv('group: 3000000000'), 'import/layer-unknown', /groups/],
    ['a number that is none', conv('pad: many'), 'import/damaged', /“many”/],
    [
      'data of unknown size',
      'layer { name: "d" type: "Data" top: "x" top: "label" }',
      'import/layer-unknown',
      /deploy\.prototxt/,
    ],
    [
      'nothing but inputs',
      'layer { name: "d" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }',
      'import/damaged',
      /computes/,
    ],
    [
      'the oldest form',
      'layers { layer { name: "c" type: "conv" num_output: 3 } bottom: "data" top: "c" }',
      'import/damaged',
      /upgrade_net_proto_text/,
    ],
    ['an end that is missing', 'layer { name: "c"', 'import/damaged', /line 7/],
    ['parts that lie too deep', 'layer { a '.repeat(10_000), 'import/damaged', /line 7|too deep/],
    [
      'parts ten thousand levels deep',
      `layer ${'{ a '.repeat(10_000)}${'}'.repeat(10_000)}`,
      'import/damaged',
      /too deep/,
    ],
  ])('is refused with %s', async (_what, words, code, said) => {
    const refused = await refusal(head + words);
    expect(refused?.[0]).toBe(code);
    expect(refused?.[1]).toMatch(said);
  });

  it('is read or refused in words wherever it is cut off', async () => {
    const words = readFileSync(join(fixtures, 'layers.prototxt'), 'utf8');
    for (let length = 1; length < words.length; length += 61) {
      const read = await readText(words.slice(0, length));
      if (!read.ok) expect(read.diagnostics).toHaveLength(1);
    }
  });

  it('may have paths and code for names, which become ids', async () => {
    const read = await readText(
      `${head}layer { name: "../../etc/passwd\\"; process.exit(1)" type: "ReLU" bottom: "data" top: "r" }`,
    );
    expect(read.ok && read.value.document.nodes.map(({ id }) => id)).toEqual(['data', 'etc_passwd_process_exit_1']);
  });
});

describe('a Caffe model', () => {
  const both = (): Buffer => {
    copyFileSync(join(fixtures, 'up.prototxt'), at('deploy.prototxt'));
    return readFileSync(join(fixtures, 'up.caffemodel'));
  };

  it('is found beside the network where it is the only one, and finds the network', async () => {
    writeFileSync(at('weights.caffemodel'), both());
    const source = { onto: undefined, signal: undefined };
    const byText = await readCaffeText({ path: at('deploy.prototxt'), ...source });
    const byModel = await readCaffeModel({ path: at('weights.caffemodel'), ...source });
    const valuesOf = (read: typeof byText): object | false =>
      read.ok &&
      Object.entries(read.value.model?.weights ?? {}).map(([name, { shape, data }]) => ({ name, shape, data }));
    expect(valuesOf(byText)).toHaveLength(6);
    expect(valuesOf(byModel)).toEqual(valuesOf(byText));
  });

  it('is named with what it needs where there is no network', async () => {
    writeFileSync(at('weights.caffemodel'), Buffer.alloc(8));
    const read = await readCaffeModel({ path: at('weights.caffemodel'), onto: undefined, signal: undefined });
    expect(read.ok ? null : read.diagnostics[0]?.why?.en).toMatch(/--weights/);
  });

  it('is read or refused, and never more than that, wherever it is cut off', async () => {
    const bytes = both();
    let refused = 0;
    for (let length = 1; length < bytes.length; length += 7) {
      writeFileSync(at('net.caffemodel'), bytes.subarray(0, length));
      const read = await readCaffeText({
        path: at('deploy.prototxt'),
        onto: undefined,
        weights: at('net.caffemodel'),
        signal: undefined,
      });
      if (read.ok) continue;
      expect(read.diagnostics.map(({ code }) => code)).toEqual(['import/damaged']);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('that lies about its sizes is refused', async () => {
    const bytes = both();
    // The first size of the first kernel, behind its values.
    const place = bytes.indexOf(Buffer.from([0x3a, 0x06, 0x0a, 0x04, 4, 3, 3, 3]));
    expect(place).toBeGreaterThan(0);
    bytes[place + 4] = 127;
    writeFileSync(at('net.caffemodel'), bytes);
    const read = await readCaffeText({
      path: at('deploy.prototxt'),
      onto: undefined,
      weights: at('net.caffemodel'),
      signal: undefined,
    });
    expect(read.ok ? null : read.diagnostics[0]?.summary.en).toMatch(/conv has 108 of 3429 values/);
  });

  it('fills what it does not have with initial values, and says so', async () => {
    const words = `${readFileSync(join(fixtures, 'up.prototxt'), 'utf8')}
      layer { name: "more" type: "Convolution" bottom: "cut" top: "more" convolution_param { num_output: 1 kernel_size: 1 } }`;
    writeFileSync(at('net.prototxt'), words);
    const weights = join(fixtures, 'up.caffemodel');
    const read = await readCaffeText({ path: at('net.prototxt'), onto: undefined, weights, signal: undefined });
    const lines = read.ok
      ? read.value.report.filter(({ status }) => status === 'left').map(({ source }) => source)
      : [];
    expect(lines).toEqual(['more/kernel', 'more/bias']);
  });
});
