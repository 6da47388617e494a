import { ignoredLabel } from '../../shared/compile/losses';
import { elementCount, indexOfLargest } from '../../shared/ops/tensor';
import type { AnsweredPart, Answers } from '../../shared/training/answers';
import type { Dataset, Samples } from '../data/dataset';
import { inTargetUnits } from '../data/standardise';
import type { EngineSession } from '../engines/engine';
import { makeBatch } from './batches';
import type { BatchForm } from './batches';
import { letMessagesIn, meanIou } from './evaluate';

/** A part of the data, and what it is called. */
export type ScoredPart = { readonly part: AnsweredPart['part']; readonly samples: Samples };

type Scored = {
  readonly parts: readonly ScoredPart[];
  readonly form: BatchForm;
  readonly batchSize: number;
  readonly dataset: Pick<Dataset, 'info' | 'scaling'>;
  readonly shouldEnd: () => boolean;
};

/** Takes what a model says of a batch, beside what is true. */
type Collector = {
  readonly add: (scores: ArrayLike<number>, truth: ArrayLike<number>, count: number) => void;
  readonly answers: (parts: Answers['parts']) => Answers;
};

function classCollector(classes: readonly string[], total: number): Collector {
  const [truth, given] = [new Int32Array(total), new Int32Array(total)];
  const [confidence, trueConfidence] = [new Float32Array(total), new Float32Array(total)];
  const size = classes.length;
  let at = 0;
  return {
    add: (scores, labels, count) => {
      for (let row = 0; row < count; row++, at++) {
        const label = labels[row] ?? 0;
        const answer = indexOfLargest(scores, row * size, size);
        truth[at] = label;
        given[at] = answer;
        confidence[at] = scores[row * size + answer] ?? 0;
        trueConfidence[at] = scores[row * size + label] ?? 0;
      }
    },
    answers: (parts) => ({ task: 'classification', parts, classes, truth, given, confidence, trueConfidence }),
  };
}

function labelCollector(classes: readonly string[], total: number): Collector {
  const truth = new Uint8Array(total * classes.length);
  const given = new Float32Array(truth.length);
  let at = 0;
  return {
    add: (scores, labels, count) => {
      for (let place = 0; place < count * classes.length; place++, at++) {
        truth[at] = labels[place] ?? 0;
        given[at] = scores[place] ?? 0;
      }
    },
    answers: (parts) => ({ task: 'multi-label', parts, classes, truth, given }),
  };
}

function pixelCollector(classes: readonly string[], total: number): Collector {
  const size = classes.length;
  const pixels = new Float64Array(size * size);
  const sampleIou = new Float32Array(total);
  let at = 0;
  return {
    add: (scores, labels, count) => {
      const perSample = labels.length / count;
      for (let row = 0; row < count; row++, at++) {
        const hits = new Array<number>(size).fill(0);
        const union = new Array<number>(size).fill(0);
        let counted = 0;
        for (let pixel = row * perSample; pixel < (row + 1) * perSample; pixel++) {
          const label = labels[pixel] ?? 0;
          // Pixels of no class have a label beyond the last one.
          if (label === ignoredLabel || label >= size) continue;
          const answer = indexOfLargest(scores, pixel * size, size);
          const cell = label * size + answer;
          pixels[cell] = (pixels[cell] ?? 0) + 1;
          union[label] = (union[label] ?? 0) + 1;
          if (answer === label) hits[label] = (hits[label] ?? 0) + 1;
          else union[answer] = (union[answer] ?? 0) + 1;
          counted += 1;
        }
        sampleIou[at] = counted === 0 ? NaN : meanIou(hits, union);
      }
    },
    answers: (parts) => ({ task: 'segmentation', parts, classes, pixels, sampleIou }),
  };
}

function valueCollector(size: number, total: number, scaling: Dataset['scaling']): Collector {
  const truth = new Float32Array(total * size);
  const given = new Float32Array(total * size);
  let at = 0;
  const own = (values: Float32Array): Float32Array => (scaling === null ? values : inTargetUnits(values, scaling));
  return {
    add: (scores, values, count) => {
      for (let place = 0; place < count * size; place++, at++) {
        truth[at] = values[place] ?? 0;
        given[at] = scores[place] ?? 0;
      }
    },
    answers: (parts) => ({ task: 'regression', parts, classes: [], size, truth: own(truth), given: own(given) }),
  };
}

function pictureCollector(total: number, isStyled: boolean): Collector {
  const squaredError = new Float32Array(total);
  let at = 0;
  return {
    add: (scores, values, count) => {
      const size = values.length / count;
      for (let row = 0; row < count; row++, at++) {
        let sum = 0;
        for (let k = row * size; k < (row + 1) * size; k++) sum += ((scores[k] ?? 0) - (values[k] ?? 0)) ** 2;
        squaredError[at] = sum / size;
      }
    },
    answers: (parts) => ({
      task: 'image-to-image',
      parts,
      classes: [],
      squaredError,
      ...(isStyled ? { isStyled } : {}),
    }),
  };
}

/** What takes the answers of a task. */
function collectorFor({ form, dataset }: Pick<Scored, 'form' | 'dataset'>, total: number): Collector {
  const { classes } = dataset.info;
  switch (form.task) {
    case 'classification':
      return classCollector(classes, total);
    case 'multi-label':
      return labelCollector(classes, total);
    case 'segmentation':
      return pixelCollector(classes, total);
    case 'regression':
      return valueCollector(elementCount(form.targetShape), total, dataset.scaling);
    case 'image-to-image':
      return pictureCollector(total, form.isStyled === true);
  }
}

/** Asks a model for every sample of some parts, in order, by the function 'predict' of `session`. `shouldEnd` gives up in between: null. */
export async function collectAnswers(session: EngineSession, scored: Scored): Promise<Answers | null> {
  const { parts, form, batchSize, dataset, shouldEnd } = scored;
  const total = parts.reduce((sum, { samples }) => sum + samples.count, 0);
  const collector = collectorFor({ form, dataset }, total);
  for (const { samples } of parts) {
    for (let from = 0; from < samples.count; from += batchSize) {
      if (shouldEnd()) return null;
      const count = Math.min(batchSize, samples.count - from);
      const indices = Array.from({ length: count }, (_, offset) => from + offset);
      const { x, y } = makeBatch(samples, indices, form);
      const outputs = await session.run('predict', { x });
      collector.add(outputs['scores']?.data ?? [], y.data, count);
      await letMessagesIn();
    }
  }
  return collector.answers(parts.map(({ part, samples }) => ({ part, count: samples.count })));
}
