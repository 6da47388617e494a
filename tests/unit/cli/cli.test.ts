import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../../electron/cli/commands';
import { gradeFile } from '../../../electron/cli/gradeFile';
import type { Host } from '../../../electron/host';
import { fileNotFound } from '../../../shared/diagnostics/catalog/file';
import { failure } from '../../../shared/diagnostics/diagnostic';
import { parseRules } from '../../../shared/grading/rules';
import { parseNetwork } from '../../../shared/document/parse';
import { convloom } from '../../support/commandLine';
import { modelFolder } from '../../support/modelFolder';
import { chainNetwork, wiredNetwork } from '../../support/networks';

const dir = mkdtempSync(join(tmpdir(), 'convloom-cli-'));
const template = (id: string): string => join(import.meta.dirname, '../../../templates', id, 'network.json');

function file(name: string, content: unknown): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function rulesText(...list: readonly object[]): string {
  return JSON.stringify({ format: 'convloom.rules', version: 1, rules: list });
}

beforeAll(() => {
  process.env['CONVLOOM_HOME'] = join(dir, 'home');
});

afterAll(() => {
  delete process.env['CONVLOOM_HOME'];
  rmSync(dir, { recursive: true, force: true });
});

type Failed = {
  ok: boolean;
  diagnostics: { code: string; severity: string; nodeId: string | null; message: string }[];
};

describe('convloom runs', () => {
  it('of nobody are none, in every form; two forms at once are refused', async () => {
    expect((await convloom('runs')).out).toMatch(/^No runs here/);
    expect((await convloom('runs', '--json')).json()).toEqual([]);
    expect((await convloom('runs', '--jsonl')).out).toBe('');
    expect((await convloom('runs', '--csv')).out).toMatch(/^id,name,network,/);
    expect((await convloom('runs', '--csv', '--json')).code).toBe(2);
    expect((await convloom('runs', '--sort', '-bst')).err).toContain('Did you mean -best?');
  });
});

describe('convloom analyze', () => {
  it('prints the JSON of the contract and nothing else', async () => {
    const { code, json, err } = await convloom('analyze', template('lenet'), '--json');
    const value = json() as Record<string, unknown>;
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(Object.keys(value)).toEqual(['ok', 'totals', 'nodes', 'blocks', 'diagnostics']);
    expect(value['totals']).toEqual({
      params: 431_080,
      trainableParams: 431_080,
      nonTrainableParams: 0,
      macs: 2_293_000,
      activationBytes: 137_656,
      unknown: 0,
    });
    expect((value['nodes'] as unknown[])[1]).toEqual({
      id: 'c1',
      kind: 'conv',
      outputShape: [24, 24, 20],
      params: 520,
      macs: 288_000,
      receptiveField: { size: [5, 5], jump: [1, 1] },
    });
  });

  it.each(['lenet', 'lenet.convloom-model'])('finds the network in a model: %s', async (name) => {
    const read = parseNetwork(readFileSync(template('lenet'), 'utf8'));
    if (!read.ok) throw new Error('The template is broken.');
    const path = await modelFolder(join(dir, `model-${name}`), read.value, null);
    const { code, json } = await convloom('analyze', path, '--json');
    expect([code, (json() as { totals: object }).totals]).toEqual([0, expect.objectContaining({ params: 431_080 })]);
    expect((await convloom('compare', path, template('lenet'), '--json')).code).toBe(0);
  });

  it.each([
    ['weights alone', 'bare.safetensors', '\x02\0\0\0\0\0\0\0{}', 'import/needs-network'],
    ['a format of others', 'x.npy', '\x93NUMPY\x01\0', 'import/unsupported'],
    ['a page', 'x.json', '<html>', 'document/not-json'],
    ['JSON of others', 'y.json', '{}', 'document/not-a-network'],
    ['a torn model', 'torn.convloom-model', 'PK\x03\x04\xff', 'model/damaged'],
  ])('says of %s what it is, with exit code 2', async (_, name, bytes, expected) => {
    const path = join(dir, name);
    writeFileSync(path, Buffer.from(bytes, 'latin1'));
    const { code, json } = await convloom('analyze', path, '--json');
    expect([code, (json() as Failed).diagnostics[0]!.code]).toEqual([2, expected]);
  });

  it('prints a table with thousands set apart', async () => {
    const { code, out } = await convloom('analyze', template('lenet'));
    expect(code).toBe(0);
    expect(out).toMatch(/f1 +fc +500 +400,500 +400,000 +all/);
    expect(out).toMatch(/Parameters +431,080/);
  });

  it('keeps totals and unaffected nodes when a node is wrong, and exits with 1', async () => {
    const bad = chainNetwork(
      [28, 28, 1],
      ['conv', { filters: 20, kernelSize: 5 }],
      ['conv', { filters: 4, kernelSize: 99 }],
      ['gap'],
    );
    const { code, json } = await convloom('analyze', file('bad.json', bad), '--json');
    const value = json() as Failed & { totals: { params: number }; nodes: { outputShape: unknown }[] };
    expect(code).toBe(1);
    expect(value.ok).toBe(false);
    // The wrong conv's own weights need only the channels that come in: 99·99·20·4 + 4.
    expect(value.totals).toMatchObject({ params: 520 + 784_084, unknown: 0 });
    expect(value.nodes.map(({ outputShape }) => outputShape)).toEqual([[28, 28, 1], [24, 24, 20], null, null]);
    expect(value.diagnostics.filter(({ severity }) => severity === 'error').map(({ nodeId }) => nodeId)).toEqual([
      'n2',
    ]);
  });

  it('says how many layers are not in the totals, and what each fix comes to', async () => {
    const bad = chainNetwork(
      [28, 28, 1],
      ['conv', { filters: 20, kernelSize: 5 }],
      ['pool', {}],
      ['conv', { filters: 50, kernelSize: 13 }],
      ['pool', {}],
      ['fc', { units: 500 }],
      ['fc', { units: 10 }],
    );
    const { code, out } = await convloom('analyze', file('unknown.json', bad));
    expect(code).toBe(1);
    expect(out).toContain('174,580, 1 layer unknown (174,580 trainable, 0 not)');
    expect(out.match(/[\d,]+ parameters then/g)).toEqual([
      '1,075,080 parameters then',
      '1,075,080 parameters then',
      '200,080 parameters then',
    ]);
  });

  it('names all parameters and the trainable ones', async () => {
    const { out } = await convloom('templates');
    expect(out).toMatch(/All parameters +Trainable/);
    expect(out).toMatch(/resnet-18 .*11,699,112 +11,689,512/);
    const compared = await convloom('compare', template('resnet-18'), template('lenet'));
    expect(compared.out).toMatch(/A +11,699,112 +11,689,512/);
  });

  it('offers sizes for one of several inputs with the others as they are', async () => {
    const two = {
      format: 'convloom.network',
      version: 1,
      name: 'two',
      nodes: [
        { id: 'a', kind: 'input', params: { shape: [28, 28, 1] } },
        { id: 'b', kind: 'input', params: { shape: [28, 28, 1] } },
        { id: 'y', kind: 'concat', params: {} },
      ],
      edges: [
        { from: 'a', to: 'y' },
        { from: 'b', to: 'y', toPort: 1 },
      ],
    };
    const { out } = await convloom('analyze', file('two.json', two));
    expect(out).toContain('a: only 28');
    expect(out).toContain('28×28 is one; the other inputs as they are');
    expect(out).not.toContain('no size fits');
  });

  const lenet = JSON.parse(readFileSync(template('lenet'), 'utf8')) as Record<string, unknown> & {
    nodes: { kind: string }[];
    edges: object[];
  };
  it.each([
    ['a missing file', join(dir, 'nowhere.json'), 2, 'file/not-found'],
    ['a folder', dir, 2, 'file/is-folder'],
    ['a file that is not JSON', file('no.json', '{ nodes'), 2, 'document/not-json'],
    ['a file that is no network', file('other.json', { format: 'x' }), 2, 'document/not-a-network'],
    ['a newer version', file('new.json', { ...lenet, version: 99 }), 2, 'document/newer-version'],
    ['an unknown field', file('field.json', { ...lenet, colour: 1 }), 1, 'document/unknown-field'],
    ['a missing node', file('missing.json', { ...lenet, edges: [{ from: 'ghost', to: 'c1' }] }), 1, null],
    ['a cycle', file('cycle.json', { ...lenet, edges: [...lenet.edges.slice(1), { from: 'f2', to: 'c1' }] }), 1, null],
    [
      'an unknown kind',
      file('kind.json', {
        ...lenet,
        nodes: lenet.nodes.map((node) => (node.kind === 'pool' ? { ...node, kind: 'blur' } : node)),
      }),
      1,
      null,
    ],
  ])('answers %s with JSON and the exit code of the contract', async (_, path, wanted, diagnosticCode) => {
    const { code, json } = await convloom('analyze', path, '--json');
    const value = json() as Failed;
    expect(code).toBe(wanted);
    expect(value.ok).toBe(false);
    expect(value.diagnostics.length).toBeGreaterThan(0);
    if (diagnosticCode !== null) expect(value.diagnostics[0]!.code).toBe(diagnosticCode);
    const plain = await convloom('analyze', path);
    expect(plain.code).toBe(wanted);
    expect(plain.err + plain.out).toMatch(/error/);
  });
});

describe('the command line', () => {
  it.each([
    [['analyse', 'x'], 'command-line/unknown-command', /Did you mean analyze/],
    [['analyze'], 'command-line/missing-argument', /FILE/],
    [['analyze', 'a', 'b'], 'command-line/extra-argument', /b/],
    [['analyze', 'a', '--jsn'], 'command-line/unknown-option', /Did you mean --json/],
    [['train', 'a', '--epochs', 'ten'], 'command-line/bad-value', /whole number/],
    [['train', 'a', '--epochs', '0'], 'command-line/bad-value', /1 to/],
    [['train', 'a', '--learning-rate', '-1'], 'command-line/bad-value', /number/],
    [['train', 'a', '--optimizer', 'adan'], 'command-line/bad-value', /Did you mean adam/],
    [['train', 'a', '--data'], 'command-line/missing-argument', /--data/],
    [['new', 'lenett', '-o', 'x.json'], 'command-line/unknown-template', /Did you mean lenet/],
    [['export', 'a', '--to', 'typescrpt', '-o', 'x'], 'command-line/bad-value', /Did you mean typescript/],
    [['compare', 'a', '--heads', 'fc', '--to', 'png'], 'command-line/missing-argument', /-o/],
    [['compare', 'a', 'b', '--to', 'svg'], 'command-line/bad-value', /markdown/],
    [['compare', 'a', 'b', '--heads', 'fc'], 'command-line/conflict', /one file/],
  ])('refuses %j with exit code 2 and says what would be right', async (args, diagnosticCode, message) => {
    const { code, out, err } = await convloom(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(diagnosticCode);
    expect(err).toMatch(message);
  });

  it.each(commands.map(({ name }) => name))('explains %s', async (name) => {
    const { code, out } = await convloom(name, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: convloom ${name}`);
  });

  it('lists every command', async () => {
    const { out } = await convloom('--help');
    for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});

describe('convloom new', () => {
  it('writes a template, and overwrites nothing without --force', async () => {
    const path = join(dir, 'mine.json');
    expect((await convloom('new', 'lenet', '-o', path)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(template('lenet'), 'utf8'));
    writeFileSync(path, 'precious');
    const refused = await convloom('new', 'lenet', '-o', path, '--json');
    expect(refused.code).toBe(2);
    expect((refused.json() as Failed).diagnostics[0]!.code).toBe('file/exists');
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect((await convloom('new', 'lenet', '-o', path, '--force')).code).toBe(0);
  });

  it('builds what a sketch says, and says where a sketch is wrong', async () => {
    const path = join(dir, 'sketched.json');
    const sketch = 'input 28 28 1, conv 20 5, pool, conv 50 5, pool, fc 500, fc 10';
    expect((await convloom('new', '--sketch', sketch, '-o', path)).code).toBe(0);
    const { totals } = (await convloom('analyze', path, '--json')).json() as { totals: { params: number } };
    expect(totals.params).toBe(431_080);
    const refused = await convloom('new', '--sketch', 'conv 20 5, comv 3', '-o', join(dir, 'none.json'));
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/sketch\[11\].*“comv”.*conv/s)]);
    const neither = await convloom('new', '-o', join(dir, 'none.json'), '--json');
    expect((neither.json() as Failed).diagnostics[0]!.code).toBe('command-line/missing-argument');
  });
});

describe('convloom compare', () => {
  it('sets FC, GAP and conv heads on one trunk side by side', async () => {
    const { code, json } = await convloom('compare', template('lenet'), '--heads', 'fc,gap,conv', '--json');
    const { heads } = json() as { heads: { head: string; own: boolean; totals: { params: number } }[] };
    expect(code).toBe(0);
    expect(heads.map(({ head, own, totals }) => [head, own, totals.params])).toEqual([
      ['fc', true, 431_080],
      ['gap', false, 26_080],
      ['conv', false, 431_080],
    ]);
  });

  it('writes the heads as a table or a picture', async () => {
    const table = await convloom('compare', 'template:vgg-16', '--heads', 'fc,conv-gap', '--to', 'markdown');
    expect([table.code, table.out]).toEqual([
      0,
      expect.stringMatching(/\| Conv \\\+ GAP \| .*15,227,688 \| 513,000 \| 3 %/),
    ]);
    const path = join(dir, 'heads.png');
    const drawn = await convloom('compare', 'template:vgg-16', '--heads', 'fc,gap', '--to', 'png', '-o', path);
    expect([drawn.code, readFileSync(path).subarray(1, 4).toString()]).toEqual([0, 'PNG']);
    const again = await convloom('compare', 'template:vgg-16', '--heads', 'fc,gap', '--to', 'png', '-o', path);
    expect(again.code).toBe(2);
  });

  it('takes heads out of other files', async () => {
    const own = await convloom('compare', template('lenet'), '--heads', `fc,${template('lenet-gap')}`, '--json');
    const { heads } = own.json() as { heads: { head: string; headParams: number }[] };
    expect(heads.map(({ head, headParams }) => [head, headParams])).toEqual([
      ['fc', 405_510],
      ['LeNet with GAP', 510],
    ]);
  });

  it('tells two networks apart in Markdown, with a sentence of what happened', async () => {
    const { code, out } = await convloom('compare', 'template:unet', 'template:unet-same', '--to', 'markdown');
    expect(code).toBe(0);
    expect(out).toMatch(/18 Conv.* padding valid → same; 4 Crop gone/);
  });

  it('gives the difference of two files as B minus A', async () => {
    const { code, json } = await convloom('compare', template('vgg-16'), template('vgg-16-gap'), '--json');
    expect(code).toBe(0);
    expect((json() as { totals: { difference: { params: number } } }).totals.difference.params).toBe(
      15_227_688 - 138_357_544,
    );
  });
});

describe('convloom analyze, asked for more', () => {
  it('measures the time of each layer, and says nothing of it for a network with errors', async () => {
    const chain = chainNetwork([16, 16, 1], ['conv', { filters: 4, kernelSize: 3 }], ['gap'], ['fc', { units: 2 }]);
    const timed = ['--time', '--engine', 'tfjs', '--batch-size', '4', '--json'] as const;
    const { code, json } = await convloom('analyze', file('timed.json', chain), ...timed);
    const value = json() as {
      nodes: { id: string; timeMs: number | null }[];
      time: { engine: string; batchSize: number; stepMs: number; layersMs: number };
    };
    expect(code).toBe(0);
    expect(value.time).toMatchObject({ engine: 'tfjs', batchSize: 4 });
    expect(value.time.stepMs).toBeGreaterThan(0);
    expect(value.nodes.map(({ id, timeMs }) => [id, timeMs === null ? null : typeof timeMs])).toEqual([
      ['image', null],
      ['n1', 'number'],
      ['n2', 'number'],
      ['n3', 'number'],
    ]);
    const bad = chainNetwork([2, 2, 1], ['conv', { filters: 4, kernelSize: 3 }]);
    const refused = (await convloom('analyze', file('untimed.json', bad), ...timed)).json() as typeof value;
    expect(refused).toMatchObject({ ok: false, time: null });
  });

  it("tells the valid input sizes: U-Net's are 12 mod 16, from 188", async () => {
    const { out } = await convloom('analyze', template('unet'));
    expect(out).toMatch(/^Input sizes +12 mod 16, from 188 \(572×572 is one;/m);
    const { json } = await convloom('analyze', template('unet'), '--json', '--input-sizes');
    expect(json() as object).toMatchObject({
      inputSizes: [
        {
          nodeId: 'image',
          height: {
            lossless: { classes: [{ min: 188, period: 16 }], proven: true },
            nearest: { below: 572, above: 572 },
          },
        },
      ],
    });
  });

  it('lists the nodes that another framework sizes otherwise, with --dialects', async () => {
    const { json } = await convloom('analyze', template('googlenet'), '--json', '--dialects');
    const rows = (json() as { dialects: { dialect: string; nodeId: string; inherited: boolean }[] }).dialects;
    const own = rows.filter(({ inherited }) => !inherited).map(({ dialect, nodeId }) => [dialect, nodeId]);
    expect(own).toEqual([
      ['tensorflow', 'pool1'],
      ['tensorflow', 'pool4'],
    ]);
    expect((await convloom('analyze', template('googlenet'), '--dialects')).out).toContain('55×55×64');
  });

  it('counts the memory of a training step, with --batch-size', async () => {
    const { json } = await convloom('analyze', template('lenet'), '--json', '--batch-size', '2', '--optimizer', 'adam');
    const { memory } = json() as { memory: Record<string, number> };
    expect(memory).toMatchObject({ weightBytes: 1_724_320, optimizerBytes: 3_448_640, activationBytes: 275_312 });
    expect(memory['largestBatchSize']).toBeGreaterThan(1);
    const open = file('open.json', chainNetwork([null, null, 1], ['conv', { filters: 1, kernelSize: 3 }]));
    expect((await convloom('analyze', open, '--json', '--batch-size', '2')).json()).toMatchObject({ memory: null });
  });
});

describe('convloom compare of wiring', () => {
  type Rows = {
    sameCount: number;
    nodes: { a: { id: string } | null; b: { id: string } | null; changes: { what: string }[] }[];
  };
  const compare = async (a: object, b: object): Promise<Rows> =>
    (await convloom('compare', file('a.json', a), file('b.json', b), '--json')).json() as Rows;

  const branches = (first: string, second: string) =>
    wiredNetwork({
      image: ['input', { shape: [8, 8, 2] }],
      c1: ['conv', { filters: 2, kernelSize: 3, padding: 'same' }, 'image'],
      c2: ['conv', { filters: 2, kernelSize: 3, padding: 'same' }, 'c1'],
      joined: ['concat', {}, first, second],
    });

  it('tells swapped ports and a rerouted skip from the same network', async () => {
    const same = await compare(branches('c1', 'c2'), branches('c1', 'c2'));
    expect(same.sameCount).toBe(4);
    for (const other of [branches('c2', 'c1'), branches('image', 'c2')]) {
      const { sameCount, nodes } = await compare(branches('c1', 'c2'), other);
      expect(sameCount).toBe(3);
      expect(nodes.flatMap(({ changes }) => changes.map(({ what }) => what))).toEqual(['inputs']);
    }
  });

  it('pairs layers by what they are before what they are called', async () => {
    const { nodes } = JSON.parse(
      (await convloom('compare', template('lenet'), template('lenet-gap'), '--json')).out,
    ) as Rows;
    const scores = nodes.find(({ b }) => b?.id === 'f1');
    expect(scores?.a?.id).toBe('f2');
  });

  it('does not blame the consumers of a layer that was put in between', async () => {
    const { nodes } = await compare(
      chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 3 }], ['gap']),
      chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 3 }], ['activation', { function: 'relu' }], ['gap']),
    );
    expect(nodes.filter(({ changes }) => changes.length > 0)).toEqual([]);
    expect(nodes.filter(({ a }) => a === null)).toHaveLength(1);
  });
});

describe('convloom check', () => {
  it('grades by the rules of the documentation', async () => {
    const doc = readFileSync(join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');
    const example = /```json\n([^]*?)```/.exec(doc)![1]!;
    const path = file('documented.json', example);
    const { code, json } = await convloom('check', template('lenet'), '--rules', path, '--json');
    expect(code).toBe(0);
    expect(json() as object).toMatchObject({ ok: true, points: 9, maxPoints: 9 });
  });

  const rules = (...list: object[]): string => file('rules.json', rulesText(...list));

  it('grades what a class hands in of a chapter, one with a network, one without, and one that is damaged', async () => {
    const path = rules({ rule: 'exhibit', exhibit: 'pools', points: 2 }, { rule: 'count', kind: 'pool', min: 2 });
    const network: unknown = JSON.parse(readFileSync(template('lenet'), 'utf8'));
    const results = { format: 'convloom.results', version: 1, exhibits: { pools: { solved: true } } };
    const whole = file('whole.results.json', JSON.stringify({ ...results, network }));
    const part = file('part.results.json', JSON.stringify(results));
    const damaged = file('damaged.results.json', JSON.stringify({ ...results, version: 7 }));
    const one = await convloom('check', whole, '--rules', path, '--gradescope');
    expect([one.code, (one.json() as { score: number }).score]).toEqual([0, 3]);
    const all = await convloom('check', whole, part, damaged, template('lenet'), '--rules', path, '--json');
    expect(all.code).toBe(2);
    expect((all.json() as { files: { points: number }[] }).files.map(({ points }) => points)).toEqual([3, 2, 0, 1]);
    const table = (await convloom('check', whole, part, damaged, '--rules', path, '--csv')).out;
    expect(table).toMatch(/damaged\.results\.json,,0,3,0,0,.*version/);
  });

  it.each([
    [{ rule: 'valid' }, true],
    [{ rule: 'params', equals: 431_080 }, true],
    [{ rule: 'params', max: 431_079 }, false],
    [{ rule: 'macs', min: 2_000_000, max: 2_300_000 }, true],
    [{ rule: 'inputShape', shape: [28, 28, 1] }, true],
    [{ rule: 'outputShape', shape: [10] }, true],
    [{ rule: 'outputShape', shape: [11] }, false],
    [{ rule: 'shape', node: 'p1', shape: [12, 12, 20] }, true],
    [{ rule: 'shape', node: 'ghost', shape: [12, 12, 20] }, false],
    [{ rule: 'receptiveField', min: 16 }, true],
    [{ rule: 'receptiveField', min: 17 }, false],
    [{ rule: 'receptiveField', node: 'c2', equals: 14 }, true],
    [{ rule: 'receptiveField', node: 'f1', max: 16 }, false],
    [{ rule: 'count', kind: 'conv', equals: 2 }, true],
    [{ rule: 'count', kind: 'conv', params: { kernelSize: 5, strides: 1 }, equals: 2 }, true],
    [{ rule: 'count', kind: 'pool', params: { mode: 'avg' }, min: 1 }, false],
    [{ rule: 'count', kind: 'activation', params: { function: 'relu' }, equals: 3 }, true],
    [{ rule: 'inputShape', shape: ['any', 'any', 1] }, true],
    [{ rule: 'inputShape', shape: ['any', 'any', 11] }, false],
    [{ rule: 'order', layers: ['conv', 'pool', 'conv', 'pool', 'fc', 'fc'] }, true],
    [{ rule: 'order', layers: ['pool', 'fc', 'conv'] }, false],
    [{ rule: 'order', layers: ['pool', 'conv', 'pool'], adjacent: false }, true],
    [
      {
        rule: 'order',
        layers: [
          { kind: 'fc', params: { units: 500 } },
          { kind: 'fc', params: { units: 10 } },
        ],
      },
      true,
    ],
    [
      {
        rule: 'order',
        layers: [
          { kind: 'fc', params: { units: 10 } },
          { kind: 'fc', params: { units: 500 } },
        ],
      },
      false,
    ],
    [{ rule: 'outputs', equals: 1 }, true],
    [{ rule: 'ends', function: 'softmax' }, false],
    [{ rule: 'ends', function: 'linear' }, true],
    [{ rule: 'fcShare', min: 0.93, max: 0.95 }, true],
    [{ rule: 'fcShare', max: 0.5 }, false],
    [{ rule: 'takesSizes', sizes: [[28, 28]] }, true],
    [
      {
        rule: 'takesSizes',
        sizes: [
          [28, 28],
          [32, 32],
        ],
      },
      false,
    ],
    [{ rule: 'accuracy', min: 0 }, false],
  ])('judges LeNet by %j: %s', async (rule, wanted) => {
    const { code, json } = await convloom('check', template('lenet'), '--rules', rules(rule), '--json');
    expect((json() as { ok: boolean }).ok).toBe(wanted);
    expect(code).toBe(wanted ? 0 : 1);
  });

  it('gives no point to a network that is empty or has errors, and none for layers beside the way to the answer', async () => {
    const path = rules({ rule: 'params', max: 1e9 }, { rule: 'count', kind: 'fc', max: 3 }, { rule: 'noWarnings' });
    const empty = file('empty.json', { format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] });
    expect((await convloom('check', empty, '--rules', path, '--json')).json()).toMatchObject({ ok: false, points: 0 });
    const wrong = file(
      'wrong.json',
      chainNetwork([8, 8, 1], ['conv', { filters: 1, kernelSize: 9 }], ['fc', { units: 2 }]),
    );
    expect((await convloom('check', wrong, '--rules', path, '--json')).json()).toMatchObject({ ok: false, points: 0 });
    const decoy = file(
      'decoy.json',
      wiredNetwork({
        image: ['input', { shape: [8, 8, 1] }],
        c1: ['conv', { filters: 2, kernelSize: 3, activation: 'relu' }, 'image'],
        c2: ['conv', { filters: 2, kernelSize: 3 }, 'c1'],
        f: ['fc', { units: 3 }, 'c2'],
        trap: ['conv', { filters: 500, kernelSize: 7 }, 'image'],
      }),
    );
    const judge = async (rule: object): Promise<boolean> =>
      ((await convloom('check', decoy, '--rules', rules(rule), '--json')).json() as { ok: boolean }).ok;
    expect(await judge({ rule: 'count', kind: 'conv', equals: 2 })).toBe(true);
    expect(await judge({ rule: 'count', kind: 'conv', params: { kernelSize: 7 }, min: 1 })).toBe(false);
    expect(await judge({ rule: 'params', min: 10_000 })).toBe(false);
    expect(await judge({ rule: 'params', max: 10_000 })).toBe(false);
    expect(await judge({ rule: 'shape', node: 'trap', shape: [2, 2, 500] })).toBe(false);
    expect(await judge({ rule: 'count', kind: 'activation', params: { function: 'relu' }, equals: 1 })).toBe(true);
  });

  it('follows the order of layers along one way to the answer, and parameters elsewhere buy no share', async () => {
    const forked = file(
      'forked.json',
      wiredNetwork({
        image: ['input', { shape: [8, 8, 3] }],
        c: ['conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }, 'image'],
        p: ['pool', { poolSize: 2, strides: 1, padding: 'same' }, 'image'],
        both: ['concat', {}, 'c', 'p'],
        f: ['fc', { units: 5 }, 'both'],
        trap: ['conv', { filters: 900, kernelSize: 7 }, 'image'],
        end: ['gap', {}, 'trap'],
      }),
    );
    const judge = async (rule: object): Promise<boolean> =>
      ((await convloom('check', forked, '--rules', rules(rule), '--json')).json() as { ok: boolean }).ok;
    expect(await judge({ rule: 'order', layers: ['conv', 'activation', 'concat', 'fc'], adjacent: true })).toBe(true);
    expect(await judge({ rule: 'order', layers: ['conv', 'fc'], adjacent: true })).toBe(false);
    // The pool stands beside the conv, not behind it.
    expect(await judge({ rule: 'order', layers: ['conv', 'pool', 'fc'] })).toBe(false);
    expect(await judge({ rule: 'order', layers: ['conv', 'gap'] })).toBe(false);
    expect(await judge({ rule: 'fcShare', max: 0.5 })).toBe(false);
    expect(await judge({ rule: 'outputs', equals: 1 })).toBe(false);
  });

  it('takes a fully convolutional network for one that takes pictures of any size', async () => {
    const gap = template('lenet-gap');
    const path = rules({
      rule: 'takesSizes',
      sizes: [
        [40, 52],
        [28, 28],
      ],
    });
    expect((await convloom('check', gap, '--rules', path)).code).toBe(0);
  });

  it('grades a class: a line each, CSV without formulas, and exit code 2 where a file cannot be read', async () => {
    const path = rules({ rule: 'valid', points: 2 }, { rule: 'params', max: 50_000, title: '=1+1' });
    const evil = file('evil.json', { ...chainNetwork([4], ['fc', { units: 2 }]), name: '=HYPERLINK("x")' });
    const { code, out } = await convloom('check', template('lenet'), evil, '--rules', path, '--csv');
    expect(code).toBe(1);
    const [header, lenet, second] = out.trim().split('\n');
    expect(header).toMatch(/^file,network,points,maxPoints,1 The network has no errors,2 =1\+1,problem$/);
    expect(lenet).toMatch(/,LeNet[^,]*,2,3,2,0,$/);
    expect(second).toContain(`"'=HYPERLINK(""x"")",3,3,2,1`);
    const missing = await convloom('check', evil, file('no.json', 'nothing'), '--rules', path, '--json');
    expect(missing.code).toBe(2);
    expect(missing.json()).toMatchObject({ ok: false, files: [{ points: 3 }, { points: 0, rules: [] }] });
    expect((await convloom('check', evil, template('lenet'), '--rules', path)).out).toContain('1 of 2 meet every rule');
    expect((await convloom('check', evil, evil, '--rules', path, '--gradescope')).code).toBe(2);
  });

  it('speaks to Gradescope and to GitHub Classroom', async () => {
    const path = rules({ rule: 'valid', points: 2 }, { rule: 'params', max: 10 });
    const gradescope = await convloom('check', template('lenet'), '--rules', path, '--gradescope');
    expect(gradescope.json()).toMatchObject({
      score: 2,
      tests: [
        { score: 2, max_score: 2, status: 'passed' },
        { score: 0, max_score: 1, status: 'failed', output: 'expected at most 10, found 431,080' },
      ],
    });
    const unread = await convloom('check', file('none.json', 'x'), '--rules', path, '--gradescope');
    expect(unread.json()).toMatchObject({ score: 0, tests: [] });
    const output = file('github-output', '');
    vi.stubEnv('GITHUB_OUTPUT', output);
    const classroom = await convloom('check', template('lenet'), '--rules', path, '--classroom');
    vi.unstubAllEnvs();
    expect(classroom.code).toBe(1);
    const [, encoded = ''] = /^result=(\S+)\n$/.exec(readFileSync(output, 'utf8')) ?? [];
    expect(JSON.parse(Buffer.from(encoded, 'base64').toString()) as object).toMatchObject({
      version: 1,
      status: 'fail',
      max_score: 3,
      tests: [
        { status: 'pass', score: 2 },
        { status: 'fail', score: 0 },
      ],
    });
  });

  it('scores weights that lie beside a network by their absolute path, also where it is named by a relative one', async () => {
    const folder = await modelFolder(join(dir, 'handed-in'), chainNetwork([4], ['fc', { units: 2 }]), null);
    const named = relative(process.cwd(), join(folder, 'network.json'));
    const ruled = parseRules(rulesText({ rule: 'accuracy', min: 0.5 }));
    if (!ruled.ok) throw new Error(ruled.diagnostics[0]?.summary.en);
    const request = vi.fn(() => Promise.resolve(failure(fileNotFound(folder))));
    const host = { request } as unknown as Host;
    await gradeFile(named, ruled.value, { run: null, data: null }, host);
    expect(request).toHaveBeenCalledWith('model.evaluate', {
      model: { type: 'path', path: folder },
      data: null,
      engine: 'auto',
    });
  });

  it('adds points up', async () => {
    const path = rules({ rule: 'valid', points: 3 }, { rule: 'params', max: 10, points: 2 });
    const { json, code } = await convloom('check', template('lenet'), '--rules', path, '--json');
    expect(json() as object).toMatchObject({ ok: false, points: 3, maxPoints: 5 });
    expect(code).toBe(1);
  });

  it.each([
    ['an unknown rule', { rule: 'beauty' }],
    ['an unknown field', { rule: 'valid', pts: 3 }],
    ['a range of words', { rule: 'params', max: 'many' }],
    ['a total without a range', { rule: 'params' }],
    ['a count without a range', { rule: 'count', kind: 'conv' }],
    ['a least above the most', { rule: 'macs', min: 2, max: 1 }],
    ['an exact number outside its bounds', { rule: 'receptiveField', equals: 5, min: 6 }],
    ['an unknown kind', { rule: 'count', kind: 'fcc', max: 0 }],
    ['an unknown param', { rule: 'count', kind: 'conv', params: { kernelsize: 7 }, max: 0 }],
    ['an order of an unknown kind', { rule: 'order', layers: ['conv', 'pol'] }],
    ['an order of one', { rule: 'order', layers: ['conv'] }],
    ['an order with an unknown param', { rule: 'order', layers: ['conv', { kind: 'pool', params: { size: 2 } }] }],
    ['a share in percent', { rule: 'accuracy', min: 97 }],
    ['a share that all have', { rule: 'fcShare', min: -1 }],
    ['an unknown function', { rule: 'ends', function: 'sotfmax' }],
    ['no sizes', { rule: 'takesSizes', sizes: [] }],
    ['a value that the param does not take', { rule: 'count', kind: 'pool', params: { mode: 'median' }, max: 0 }],
  ])('refuses %s with exit code 2 and its path', async (_, rule) => {
    const { code, json } = await convloom('check', template('lenet'), '--rules', rules(rule), '--json');
    expect(code).toBe(2);
    expect((json() as Failed).diagnostics[0]!.code).toBe('command-line/bad-rules');
    expect((json() as Failed).diagnostics[0]!.message).toMatch(/^rules\.0/);
  });
});

describe('a rules file that is wrong', () => {
  it.each([
    ['{ "format": "convloom.rule", "version": 1, "rules": [{ "rule": "valid" }] }', 'format：必须是 "convloom.rules"'],
    ['{ "format": "convloom.rules", "version": 1, "rules": [] }', 'rules：必须是长度至少为 1 的数组，但写的是 […] (0)'],
    ['{ "format": "convloom.rules", "version": 1 }', 'rules：必须是数组，但没有给出'],
    [rulesText({ rule: 'beauty' }), 'rules.0.rule：必须是以下之一："valid", "noWarnings"'],
    [rulesText({ rule: 'valid', pts: 3 }), 'rules.0：未知字段 "pts"'],
    [rulesText({ rule: 'valid', points: -1 }), 'rules.0.points：必须是至少为 0 的数，但写的是 -1'],
    [rulesText({ rule: 'params', max: 'many' }), 'rules.0.max：必须是有限的数，但写的是 "many"'],
    [
      rulesText({ rule: 'outputShape', shape: [1.5] }),
      'rules.0.shape.0：必须是从 1 开始的整数、null 或 "any"，但写的是 1.5',
    ],
  ])('%s is explained in Chinese without a word of the schema library', (source, words) => {
    const parsed = parseRules(source);
    expect(parsed.ok ? '' : parsed.diagnostics[0]!.summary.zh).toContain(words);
    expect(parsed.ok ? '' : parsed.diagnostics[0]!.summary.zh.replace(/"[^"]*"/g, '')).not.toMatch(
      /expected|invalid|input|small/i,
    );
  });
});

describe('models and runs that cannot be read', () => {
  const damaged = (name: string, files: { readonly [name: string]: string }): string => {
    mkdirSync(join(dir, name));
    for (const [each, text] of Object.entries(files)) writeFileSync(join(dir, name, each), text);
    return join(dir, name);
  };
  it('give exit code 2 like any file that cannot be read', async () => {
    const network = readFileSync(template('lenet'), 'utf8');
    const model = { format: 'convloom.model', version: 99, data: null, source: '' };
    const rows: readonly (readonly [string, string])[] = [
      [file('cut.convloom-model', 'PK'), 'model/damaged'],
      [template('lenet'), 'model/not-a-model'],
      [damaged('newer', { 'network.json': network, 'model.json': JSON.stringify(model) }), 'model/too-new'],
      [damaged('run', { 'network.json': network, 'run.json': '{' }), 'run/damaged'],
    ];
    for (const [path, expected] of rows) {
      const { code, json } = await convloom('evaluate', path, '--json');
      expect([(json() as Failed).diagnostics[0]!.code, code]).toEqual([expected, 2]);
    }
  });
});

describe('convloom export', () => {
  it('writes a TypeScript project into a new folder, and touches none that holds something', async () => {
    const target = join(dir, 'project');
    expect((await convloom('export', template('lenet'), '--to', 'typescript', '-o', target)).code).toBe(0);
    expect(readFileSync(join(target, 'src/model.ts'), 'utf8')).toMatch(/tf\.layers\s*\.conv2d/);
    const again = await convloom('export', template('lenet'), '--to', 'typescript', '-o', target, '--json');
    expect(again.code).toBe(2);
    expect((again.json() as Failed).diagnostics[0]!.code).toBe('file/folder-not-empty');
  });

  it('refuses a network with errors with exit code 1', async () => {
    const bad = file('wrong.json', chainNetwork([8, 8, 1], ['conv', { filters: 1, kernelSize: 99 }]));
    expect((await convloom('export', bad, '--to', 'typescript', '-o', join(dir, 'never'))).code).toBe(1);
  });
});
