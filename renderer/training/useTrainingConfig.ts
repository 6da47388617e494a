import { useMemo } from 'react';
import type { NetworkDocument } from '../../shared/schema/document';
import { text } from '../../shared/text';
import { defaultTrainingConfig, type TrainingConfig } from '../../shared/schema/training';
import { edit, useProject, type Capture } from '../store';
import { useEngines } from './engineStore';

/** The configuration that the next run of this document will have. */
export function trainingConfig(document: NetworkDocument, engine: TrainingConfig['engine']): TrainingConfig {
  return { ...defaultTrainingConfig, ...document.train, engine };
}

/** The undo label of such a change. */
export const trainingLabel = text('Change the training settings', '修改训练设置');

/** Changes part of the configuration. It is kept in the document, so it is saved, undone and shared with it. */
export function setTraining(change: Partial<TrainingConfig>, how: Capture = 'record'): void {
  const { document } = useProject.getState();
  edit(trainingLabel, [{ type: 'setTraining', train: { ...document.train, ...change } }], how);
}

/** The configuration of the open document with the engine chosen on this machine. */
export function useTrainingConfig(): TrainingConfig {
  const document = useProject((state) => state.document);
  const engine = useEngines((state) => state.choice);
  return useMemo(() => trainingConfig(document, engine), [document, engine]);
}
