import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { findNode } from '../../shared/analysis/blocks';
import { heatOf, type HeatMap } from '../../shared/analysis/heat';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { LayerFamily } from '../../shared/layers/define';
import { onTrainingProblems, trainingProblemsOf } from '../problems/trainingFindings';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { toneOf, type Tone } from './findings';
import { heatSource } from './heat';

/** All that a mark shows of its node. */
export type MarkLook = {
  readonly family: LayerFamily;
  readonly tone: Tone;
  /** How hot it is in hundredths of the scale; null while there is no heat, or nothing is known. */
  readonly level: number | null;
};

/** What looks follow from, and those that were asked for. */
type Looks = {
  readonly analysis: NetworkAnalysis;
  readonly heat: HeatMap | null;
  readonly session: Session;
  readonly known: Map<string, MarkLook>;
  /** Those before: a look that came out as it was is the same object, and its mark is not drawn again. */
  readonly before: ReadonlyMap<string, MarkLook>;
};

/**
 * The looks of a session's marks. A thousand marks that each heard of the analysis, the training, the heat and where that comes from would
 * hold megabytes of listeners, and be called one by one at each step of a run.
 */
const looksOf = sessionPart((session) => createStore<Looks>(() => readLooks(session, new Map())));

function readLooks(session: Session, before: Looks['before']): Looks {
  const { analysis } = session.project.getState();
  const { measure, measured } = heatSource(session);
  const heat = measure === null ? null : heatOf(analysis, measure, measured);
  return { analysis, heat, session, known: new Map(), before };
}

/** Looks at all marks of a session again. */
export function refreshMarks(session: Session): void {
  const store = looksOf(session);
  store.setState(readLooks(session, store.getState().known), true);
}

/** Keeps the looks of marks in step with what training says of their nodes. Gives back what ends it. */
export function followMarks(session: Session): () => void {
  refreshMarks(session);
  return onTrainingProblems(session, () => refreshMarks(session));
}

function lookOf({ analysis, heat, session, known, before }: Looks, id: string): MarkLook {
  const kept = known.get(id);
  if (kept !== undefined) return kept;
  const isUntrainable = trainingProblemsOf(session, id).some(({ severity }) => severity !== 'info');
  const level = heat?.values.get(id)?.level;
  const look: MarkLook = {
    family: findNode(analysis, id)?.definition?.family ?? 'io',
    tone: toneOf(analysis, id, isUntrainable),
    level: level === undefined ? null : Math.round(level * 100),
  };
  const last = before.get(id);
  const isSame = last?.family === look.family && last.tone === look.tone && last.level === look.level;
  const shown = isSame ? last : look;
  known.set(id, shown);
  return shown;
}

/** How a node of this component's session looks as a mark. */
export function useMarkLook(id: string): MarkLook {
  return useStore(looksOf(useSession()), (looks) => lookOf(looks, id));
}
