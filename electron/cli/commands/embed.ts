import { badOptionValue } from '../../../shared/diagnostics/catalog/commandLine';
import { embeddingCsv, embeddingSvg, factsLine, sampleWord } from '../../../shared/host/embeddingTexts';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Embedding } from '../../../shared/host/api';
import { embeddingMethods } from '../../../shared/host/features';
import { limits } from '../../../shared/schema/limits';
import { formatShare } from '../../../shared/text';
import { defineCommand, forceOption, jsonOption } from '../command';
import { embeddingForms, embeddingNpz } from '../embeddingFiles';
import type { EmbeddingForm } from '../embeddingFiles';
import { reportDiagnostics, reportFailure } from '../report';
import { findRun } from '../../files/paths';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';
import { checkOutput, writeOutput } from '../writeOutput';

const wantedForms = { en: 'a file that ends in .csv, .npz or .svg', zh: '以 .csv、.npz 或 .svg 结尾的文件名' };

/** `convloom embed`. */
export const embed = defineCommand({
  name: 'embed',
  summary: "lay samples out in a plane by the features that a run's network has for them",
  details:
    'Features are what stands in front of the last learned layer: of a map the mean of each channel. Networks that answer place by place (masks, pictures) have them at their smallest map. Without -o the places are printed as CSV.',
  positionals: [{ name: 'RUN', doc: "a run's folder or id, or a model" }],
  options: {
    data: { type: 'text', placeholder: 'SPEC', doc: "other data than the run's own" },
    part: { type: 'choice', values: ['train', 'validation'], doc: 'whose samples (default: validation)' },
    node: { type: 'text', placeholder: 'ID', doc: 'the node whose values are the features, instead' },
    method: {
      type: 'choice',
      values: embeddingMethods,
      doc: 'pca: along the two directions of most variance (default); umap: so that neighbours stay neighbours',
    },
    samples: {
      type: 'integer',
      min: 1,
      max: limits.embeddedSamples,
      doc: `at most so many, taken evenly (default: ${limits.embeddedSamples})`,
    },
    output: {
      type: 'text',
      placeholder: 'FILE',
      short: 'o',
      doc: 'write FILE.csv, FILE.npz (with the features) or FILE.svg',
    },
    class: {
      type: 'text',
      placeholder: 'NAME',
      doc: 'for multi-label, the class by which FILE.svg is coloured (default: the one that most samples have)',
    },
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [run = ''] }, terminal) => {
    const { output, json, force } = options;
    const form = output === undefined ? null : (embeddingForms.find((one) => output.endsWith(`.${one}`)) ?? 'none');
    if (form === 'none')
      return reportDiagnostics([badOptionValue('--output', output ?? '', wantedForms)], json, terminal);
    const refusal = output === undefined ? null : await checkOutput(output, force);
    if (refusal !== null) return reportDiagnostics([refusal], json, terminal);
    return await withHost(async (host) => {
      const model = { type: 'path', path: findRun(run) } as const;
      const info = await host.request('model.info', { model });
      if (!info.ok) return reportFailure(info, json, terminal);
      const embedded = await host.request('model.embed', {
        ...{ model, document: null, seed: 0 },
        spec: options.data ?? null,
        part: options.part ?? 'validation',
        node: options.node ?? null,
        method: options.method ?? 'pca',
        count: options.samples ?? limits.embeddedSamples,
        features: form === 'npz',
      });
      if (!embedded.ok) return reportFailure(embedded, json, terminal);
      const label = labelNamed(embedded.value, options.class);
      if (!label.ok) return reportFailure(label, json, terminal);
      tellFacts(embedded.value, terminal);
      if (output !== undefined && form !== null) {
        const content = await contentOf(form, info.value.document.name, embedded.value, label.value);
        const written = await writeOutput(output, content, force);
        if (!written.ok) return reportFailure(written, json, terminal);
        terminal.err(`Wrote ${written.value}`);
      }
      if (json) terminal.out(JSON.stringify(embeddingJson(embedded.value)));
      else if (output === undefined) terminal.out(embeddingCsv(embedded.value).trimEnd());
      return 0;
    });
  },
});

/** The place of the class by which samples with any number of classes are coloured; null where none was named. */
function labelNamed({ facts: { task, classes } }: Embedding, name: string | undefined): Result<number | null> {
  if (name === undefined) return success(null);
  const place = task === 'multi-label' ? classes.indexOf(name) : -1;
  if (place >= 0) return success(place);
  const wanted =
    task === 'multi-label'
      ? { en: `one of ${classes.join(', ')}`, zh: `${classes.join('、')} 之一` }
      : { en: 'a run that learned several classes of each sample (multi-label)', zh: '多标签训练的运行' };
  return failure(badOptionValue('--class', name, wanted));
}

async function contentOf(
  form: EmbeddingForm,
  name: string,
  embedding: Embedding,
  label: number | null,
): Promise<string | Uint8Array> {
  switch (form) {
    case 'csv':
      return embeddingCsv(embedding);
    case 'npz':
      return await embeddingNpz(embedding);
    case 'svg':
      return embeddingSvg(name, embedding, label);
  }
}

function tellFacts({ facts, shares }: Embedding, terminal: Terminal): void {
  terminal.err(factsLine(facts));
  if (shares === null) return;
  const [x, y] = shares;
  terminal.err(
    x === 0
      ? 'All of these samples have the same features.'
      : `Along x lie ${formatShare(x)} of the variance, along y ${formatShare(y)}.`,
  );
}

/** The fields of `--json`. */
function embeddingJson(embedding: Embedding): object {
  const { facts, indices, places, shares } = embedding;
  return {
    ok: true,
    ...facts,
    shares,
    samples: Array.from(indices, (sample, at) => ({
      sample,
      is: sampleWord(embedding, 'truth', at),
      answer: sampleWord(embedding, 'given', at),
      x: places[2 * at],
      y: places[2 * at + 1],
    })),
  };
}
