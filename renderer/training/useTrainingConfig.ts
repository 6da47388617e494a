import { useMemo } from 'react';
import type { NetworkDocument } from '../../shared/schema/document';
import { text } from '../../shared/text';
import {
  defaultTrainingConfig,
  isSettingAccepted,
  type TrainingConfig,
  type TrainingFieldName,
} from '../../shared/schema/training';
import { useProject, type Capture, type Session } from '../session';
import { useEngines } from './engineStore';

/** The configuration that the next run of this document will have. */
export function trainingConfig(document: NetworkDocument, engine: TrainingConfig['engine']): TrainingConfig {
  return { ...defaultTrainingConfig, ...document.train, engine };
}

/** The undo label of such a change. */
export const trainingLabel = text('Change the training settings', '修改训练设置');

/** Changes part of the configuration. It is kept in the document, so it is saved, undone and shared with it. */
export function setTraining(session: Session, change: Partial<TrainingConfig>, how: Capture = 'record'): void {
  session.project.edit(trainingLabel, [{ type: 'setTraining', train: change }], how);
}

/** Sets one field to what its control gives; '' leaves it open. What no run accepts is not taken. */
export function setSetting(
  session: Session,
  name: TrainingFieldName,
  value: number | string,
  how: Capture = 'record',
): void {
  if (value === '') session.project.edit(trainingLabel, [{ type: 'setTraining', train: {}, unset: [name] }], how);
  else if (isSettingAccepted(name, value)) setTraining(session, { [name]: value }, how);
}

/** The configuration of the open document with the engine chosen on this machine. */
export function useTrainingConfig(): TrainingConfig {
  const document = useProject((state) => state.document);
  const engine = useEngines((state) => state.choice);
  return useMemo(() => trainingConfig(document, engine), [document, engine]);
}
