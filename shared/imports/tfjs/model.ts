import { success, type Result } from '../../diagnostics/diagnostic';
import { text } from '../../text';
import { isRecord, own, type JsonRecord } from '../keras/config';
import { convertModel, type ConvertedModel } from '../keras/convert';
import { foldLayers } from '../keras/fold';

import { readGraph } from '../keras/graph';
import { listedWeights, type StoredTensor } from '../keras/weights';
import { orProblem } from '../problem';
import { convertTfGraph } from './graphModel';

/** Whether a model.json is a graph of TensorFlow's ops rather than one of layers. */
export function isGraphModel(model: JsonRecord): boolean {
  const topology = own(model, 'modelTopology');
  return own(model, 'format') === 'graph-model' || (isRecord(topology) && Array.isArray(own(topology, 'node')));
}

/** A model.json with its weights, which may be none. */
export function readTfjsModel(
  path: string,
  model: JsonRecord,
  weights: readonly StoredTensor[],
): Result<ConvertedModel> {
  return orProblem(path, () => {
    if (isGraphModel(model)) return success(convertTfGraph(model, weights));
    const topology = own(model, 'modelTopology') ?? model;
    const config = isRecord(topology) ? (own(topology, 'model_config') ?? topology) : topology;
    const left =
      own(model, 'trainingConfig') == null
        ? []
        : [
            {
              source: 'trainingConfig',
              why: text(
                'Optimizer, loss and metrics of the file are left out: they are settings of a training here.',
                '文件中的优化器、损失和指标已略去：它们在这里是训练设置。',
              ),
            },
          ];
    return success(
      foldLayers(
        convertModel({
          graph: readGraph(config),
          dialect: { writer: 'tfjs', generation: 2 },
          weights: own(model, 'weightsManifest') === undefined ? null : listedWeights(weights),
          left,
        }),
      ),
    );
  });
}
