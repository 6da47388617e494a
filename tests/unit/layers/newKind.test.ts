import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { analysisJson } from '../../../electron/cli/commands/analyze';
import { gradeNetwork } from '../../../shared/grading/grade';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { loadWeights, saveWeights } from '../../../electron/files/weights';
import { paletteGroups } from '../../../renderer/palette/groups';
import { LayerGlyph } from '../../../renderer/ui/LayerGlyph';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { explainNode } from '../../../shared/analysis/explainNode';
import { compareNetworks } from '../../../shared/analysis/compare';
import { compileInference, compileTraining } from '../../../shared/compile/compile';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { printSvg } from '../../../shared/exports/figures/svg';
import { drawFigure } from '../../../shared/figures';
import { defaultFigureOptions } from '../../../shared/schema/figures';
import { checkWeights } from '../../../shared/exports/printers';
import { printTypescript } from '../../../shared/exports/typescript';
import { builtInLayers, defaultParams, layers } from '../../../shared/layers';
import { createLayerRegistry } from '../../../shared/layers/registry';
import { findHead } from '../../../shared/transforms/findHead';
import { foldConvs } from '../../../shared/transforms/foldConvs';
import { switchHead } from '../../../shared/transforms/heads';
import { chain, type ChainRow } from '../../support/chain';
import { feedsFor, variablesFor, withSession } from '../../support/describeEngine';
import { gainLayer } from '../../support/gainLayer';
import { interpret } from '../../support/referenceInterpreter';
import { fromHostTensor } from '../../support/tensor64';
import { initialVariables, stepFeeds } from '../../support/trainingCases';

const registry = createLayerRegistry([...layers, gainLayer]);

const rows: readonly ChainRow[] = [
  ['image', 'input', { shape: [6, 6, 1] }],
  ['c', 'conv', { filters: 3, kernelSize: 3 }],
  ['g', 'gain', { start: 3 }],
  ['p', 'gap'],
  ['f', 'fc', { units: 2 }],
];
const document = chain(rows);
const analysis = analyzeNetwork(document, undefined, registry);

const options = {
  learningRate: 0.01,
  momentum: 0.9,
  loss: 'auto',
  seed: 3,
  optimizer: 'adam',
  task: { kind: 'classification', classCount: 2 },
} as const;

describe('a layer kind of one file, registered beside the built-in ones', () => {
  it('is unknown without its registry, and known with it', () => {
    expect(analyzeNetwork(document).diagnostics.map(({ code }) => code)).toContain('layers/unknown-kind');
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(builtInLayers.find('gain')).toBeUndefined();
  });

  it('is analysed: shape, weights, totals, receptive field, formulas', () => {
    expect(analysis.nodes.get('g')).toMatchObject({
      state: 'ok',
      outputShape: [4, 4, 3],
      paramCount: 3,
      receptiveField: { size: [3, 3], jump: [1, 1] },
    });
    expect(explainNode(analysis.nodes.get('g')!).map(({ result }) => result)).toContain('3');
    expect(analysis.totals.trainableParams).toBe(30 + 3 + 8);
  });

  it('keeps its registry over edits, fixes and comparisons', () => {
    const edit = {
      type: 'insertAfter',
      after: 'p',
      node: { id: 'g2', kind: 'gain', params: defaultParams(gainLayer) },
    } as const;
    const edited = applyEdits(document, [edit], registry);
    if (!edited.ok) throw new Error('The edit was refused.');
    const after = analyzeNetwork(edited.value, analysis);
    expect(after.nodes.get('g2')).toMatchObject({ outputShape: [3], paramCount: 3 });
    expect(after.nodes.get('g')).toBe(analysis.nodes.get('g'));
    expect(compareNetworks(analysis, after).totals.difference.params).toBe(3);
  });

  it('is what another tool’s name and a slip of the pen stand for', () => {
    for (const kind of ['ChannelScale', 'gains']) {
      const wrong = chain([
        ['image', 'input', { shape: [4, 4, 1] }],
        ['g', kind],
        ['f', 'fc', { units: 2 }],
      ]);
      const [finding] = analyzeNetwork(wrong, undefined, registry).diagnostics;
      expect(finding).toMatchObject({ code: 'layers/unknown-kind', at: { nodeId: 'g' } });
      expect(finding?.fixes[0]?.edits).toMatchObject([{ type: 'setKind', kind: 'gain' }]);
    }
  });

  it('keeps a stack linear, since it says so', () => {
    const linear = chain([...rows.slice(0, 3), ['c2', 'conv', { filters: 2, kernelSize: 1 }]]);
    const codes = analyzeNetwork(linear, undefined, registry).diagnostics.map(({ code }) => code);
    expect(codes).toContain('design/linear-pair');
  });

  it('stands in a head, and is no conv to fold', () => {
    const head = findHead(document, analysis);
    expect(head.ok && head.value.nodes).toEqual(['p', 'f']);
    const behind = chain([...rows.slice(0, 2), ['p', 'gap'], ['g', 'gain'], ['f', 'fc', { units: 2 }]]);
    const analyzed = analyzeNetwork(behind, undefined, registry);
    const longer = findHead(behind, analyzed);
    expect(longer.ok && longer.value.nodes).toEqual(['p', 'g', 'f']);
    const dense = switchHead(document, analysis, 'fc');
    expect(dense.ok && dense.value.after.nodes.get('g')?.state).toBe('ok');
    const folded = foldConvs(document, analysis, 'c');
    expect(folded.ok || folded.diagnostics[0]?.code).toBe('transform/cannot-fold');
  });

  it('is drawn: as a glyph of its own, and in the picture of the network', () => {
    const glyph = renderToStaticMarkup(createElement(LayerGlyph, { definition: gainLayer }));
    expect(glyph).toContain('M3 20L21 4');
    expect(glyph).toContain('<circle');
    const svg = printSvg(drawFigure(document, analysis, defaultFigureOptions), 180);
    expect(svg).toContain('>Gain<');
    expect(svg).toContain('>×3<');
    expect(svg).toContain('>4×4×3<');
  });

  it('is listed in the palette, under the heading of its family', () => {
    const [group, ...others] = paletteGroups(registry.layers, 'gain');
    expect(group).toMatchObject({ name: 'groupNorm', members: [{ definition: { kind: 'gain' } }] });
    expect(others).toEqual([]);
  });

  it('is listed by the command line like any other', () => {
    expect(analysisJson(analysis)).toMatchObject({
      ok: true,
      nodes: [{}, {}, { id: 'g', kind: 'gain', outputShape: [4, 4, 3], params: 3, macs: 0 }, {}, {}],
    });
  });

  it('is counted by a teacher’s rules', () => {
    const rule = { rule: 'count', kind: 'gain', params: { start: 3 }, min: 1, points: 2 } as const;
    expect(
      gradeNetwork(document, analysis, { format: 'convloom.rules', version: 1, name: 'gain', rules: [rule] }),
    ).toMatchObject([{ ok: true, points: 2 }]);
  });

  it(
    'is trained and saved with the others’ weights, and computes the same afterwards',
    { timeout: 120_000 },
    async () => {
      const compiled = compileTraining(document, analysis, options);
      if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
      const { program, weights } = compiled.value;
      const names = weights.map(({ name }) => name);
      expect(names).toEqual(['c/kernel', 'c/bias', 'g/factor', 'f/kernel', 'f/bias']);
      const start = initialVariables(compiled.value, 1);
      expect([...start['g/factor']!.data]).toEqual([3, 3, 3]);
      const dir = await mkdtemp(join(tmpdir(), 'convloom-kind-'));
      try {
        const engine = createTfjsEngine();
        await engine.probe();
        const trained = await withSession(engine, program, async (session) => {
          await session.write(variablesFor(program, start));
          const losses: number[] = [];
          for (let step = 1; step <= 20; step += 1) {
            // The same batch every time, so that the loss must fall.
            const { x, y } = stepFeeds({ name: '', rows, options }, compiled.value, 1, 8);
            const feeds = { ...stepFeeds({ name: '', rows, options }, compiled.value, step, 8), x: x!, y: y! };
            const { loss } = await session.run('trainStep', feedsFor(program.functions['trainStep']!, feeds));
            losses.push(loss!.data[0]!);
          }
          expect(losses.at(-1)).toBeLessThan(losses[0]!);
          return session.read(names);
        });
        await saveWeights(dir, names, trained);
        const loaded = await loadWeights(dir, 'gain');
        if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ code }) => code).join());
        expect(Object.keys(loaded.value).sort()).toEqual([...names].sort());
        expect(loaded.value['g/factor']!.data).toEqual(trained['g/factor']!.data);
        expect([...loaded.value['g/factor']!.data]).not.toEqual([3, 3, 3]);
        const inference = compileInference(document, analysis);
        if (!inference.ok) throw new Error(inference.diagnostics.map(({ code }) => code).join());
        const [forward] = Object.values(inference.value.program.functions);
        expect(forward!.nodes.some(({ op }) => op === 'mul')).toBe(true);
        const variables = Object.fromEntries(
          Object.entries(loaded.value).map(([name, value]) => [name, fromHostTensor(value)]),
        );
        const { x } = stepFeeds({ name: '', rows, options }, compiled.value, 1, 8);
        const { outputs } = interpret(forward!, { [forward!.inputs[0]!.name]: x! }, variables);
        expect(Object.values(outputs)[0]!.data.every(Number.isFinite)).toBe(true);
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
  );

  it('is refused by the TypeScript printer with a finding that names it', () => {
    const printed = printTypescript(document, analysis);
    expect(printed).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'export/kind-not-printed', severity: 'error', at: { nodeId: 'g' } }],
    });
    expect(printed.ok ? '' : printed.diagnostics[0]?.summary.en).toContain('“gain”');
    expect(printed.ok ? '' : printed.diagnostics[0]?.summary.zh).toContain('“gain”');
  });

  it('loses no weight unseen: a printer that forgets one is refused, too', () => {
    const printed = [
      { nodeId: 'c', weights: ['kernel', 'bias'] },
      { nodeId: 'f', weights: ['kernel'] },
    ];
    const findings = checkWeights(analysis, printed, 'a target');
    expect(findings).toMatchObject([
      { code: 'export/weights-not-printed', at: { nodeId: 'g' } },
      { code: 'export/weights-not-printed', at: { nodeId: 'f' } },
    ]);
    expect(findings[0]?.summary.en).toContain('factor');
    expect(findings[1]?.summary.en).toContain('bias');
  });
});
