import { describe, expect, it } from 'vitest';
import type { ActionState } from '../../../../renderer/actions';
import { actionState } from '../../../../renderer/actions/state';
import { findTrainingProblems } from '../../../../renderer/problems/trainingFindings';
import { createWorkspace } from '../../../../renderer/session';
import { decideTraining, firstObstacle } from '../../../../renderer/training/trainAction';
import type { TrainingData } from '../../../../shared/compile/trainingChecks';
import type { NetworkDocument, NetworkNode } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const digits: TrainingData = {
  task: 'classification',
  inputShape: [28, 28, 1],
  classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
};

/** A chain from a picture of 28x28x1. */
function chain(...layers: readonly Omit<NetworkNode, 'id'>[]): NetworkDocument {
  const nodes = [{ kind: 'input', params: { shape: [28, 28, 1] } }, ...layers].map((node, at) => ({
    ...node,
    id: `n${at}`,
  }));
  const edges = nodes.slice(1).map((node, at) => ({ from: `n${at}`, to: node.id }));
  return { ...emptyDocument('N'), nodes, edges };
}

function stateOf(document: NetworkDocument, data: TrainingData | null): ActionState {
  const workspace = createWorkspace(sessionServices(createSessionHost().link));
  const session = workspace.replace({ document });
  const training = findTrainingProblems(session.project.getState(), data);
  return { ...actionState(session), training, hasHost: true };
}

const fc = (units: number): Omit<NetworkNode, 'id'> => ({ kind: 'fc', params: { units } });
const softmax = { kind: 'activation', params: { function: 'softmax' } };

describe('what stands between a network and a run', () => {
  it.each([
    ['an Input alone', chain(), digits, 'train/no-weights'],
    ['an Input alone, with data that is not known yet', chain(), null, 'train/no-weights'],
    ['a setting that no run accepts', { ...chain(fc(10)), train: { epochs: 0 } }, digits, null],
    ['an output that is not there', { ...chain(fc(10)), train: { output: 'n9' } }, null, 'train/unknown-output'],
    ['seven units for ten classes', chain(fc(7)), digits, null],
    ['a map for pictures with one label', chain({ kind: 'conv', params: { filters: 10 } }), digits, null],
  ] as const)('%s does not train, and the first reason is said', (_title, document, data, code) => {
    const state = stateOf(document, data);
    expect(['showProblems', 'showSettings']).toContain(decideTraining(state));
    const obstacle = firstObstacle(state);
    expect(obstacle?.severity).toBe('error');
    if (code !== null) expect(obstacle?.code).toBe(code);
    else expect(obstacle?.at.nodeId ?? obstacle?.at.path).toBeDefined();
  });

  it('leads to the form for a setting, and to Problems for a layer', () => {
    expect(decideTraining(stateOf({ ...chain(fc(10)), train: { epochs: 0 } }, digits))).toBe('showSettings');
    expect(decideTraining(stateOf(chain(fc(7)), digits))).toBe('showProblems');
  });

  it('warns of a softmax twice and trains all the same', () => {
    const state = stateOf(chain(fc(10), softmax), digits);
    expect(state.training.map(({ code, at }) => [code, at.nodeId])).toEqual([['train/softmax-twice', 'n2']]);
    expect(decideTraining(state)).toBe('train');
  });

  it('is nothing for a network that fits, and for an empty canvas', () => {
    expect(stateOf(chain(fc(10)), digits).training).toEqual([]);
    expect(stateOf(emptyDocument('N'), digits).training).toEqual([]);
  });
});
