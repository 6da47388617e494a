import { useStore } from 'zustand';
import { findNode } from '../../shared/analysis/blocks';
import { heatOf, type HeatMap } from '../../shared/analysis/heat';
import { sharingGroup } from '../../shared/analysis/sharedWeights';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { NetworkEdge } from '../../shared/schema/document';
import type { LayerFamily } from '../../shared/layers/define';
import type { Shape } from '../../shared/schema/shape';
import { onTrainingProblems, trainingProblemsOf } from '../problems/trainingFindings';
import type { Session } from '../session';
import { createLeanStore, sessionPart, useSession } from '../session';
import { findingsByNode, isWireAtFault, toneOf, type NodeFindings, type Tone } from './findings';
import { isSameList } from './flow';
import { heatSource, heatWords, type HeatSource } from './heat';

/** All that a mark shows of its node. */
export type MarkLook = {
  readonly family: LayerFamily;
  readonly tone: Tone;
  /** How hot it is in hundredths of the scale; null while there is no heat, or nothing is known. */
  readonly level: number | null;
};

/** All that a card shows of its node, beside what the document says of it. */
export type CardLook = {
  readonly analysis: NodeAnalysis | undefined;
  readonly isBypassed: boolean;
  /** Who shares its weights, itself among them; empty where nobody does. */
  readonly sharers: readonly string[];
  /** Share of all parameters in thousandths, so that a card renders again only when its bar would change. */
  readonly share: number;
  readonly findings: NodeFindings | undefined;
  /** What is told by the training, and not by the network. */
  readonly training: Diagnostic | undefined;
  /** As a mark's. */
  readonly level: number | null;
  /** What it says of its heat; empty for one that costs nothing, or while there is no heat. */
  readonly warmth: string;
  /** The heat tells of parameters: what is told by it is not told twice. */
  readonly isOfParams: boolean;
};

/** What a wire shows beside its way. */
export type WireLook = {
  /** What it carries. */
  readonly shape: Shape | null;
  readonly isAtFault: boolean;
};

/** Looks that were asked for; and those before: one that came out as it was is the same object, and nothing is drawn again. */
type Known<Key, Look> = { readonly known: Map<Key, Look>; readonly before: ReadonlyMap<Key, Look> };

/** What looks follow from, and those that were asked for. */
type Looks = {
  readonly session: Session;
  readonly analysis: NetworkAnalysis;
  readonly source: HeatSource;
  readonly heat: HeatMap | null;
  readonly marks: Known<string, MarkLook>;
  readonly cards: Known<string, CardLook>;
  readonly wires: Known<NetworkEdge, WireLook>;
};

function knownAfter<Key, Look>(last: Known<Key, Look> | undefined): Known<Key, Look> {
  return { known: new Map(), before: last?.known ?? new Map() };
}

/**
 * The looks of a session's nodes. A thousand of them that each heard of the analysis, the training, the heat and where that comes from
 * would hold megabytes of listeners, and be called one by one at each step of a run.
 */
const looksOf = sessionPart((session) => createLeanStore<Looks>(readLooks(session)));

function readLooks(session: Session, last?: Looks): Looks {
  const { analysis } = session.project.getState();
  const source = heatSource(session);
  const { measure, measured } = source;
  const heat = measure === null ? null : heatOf(analysis, measure, measured);
  const [marks, cards, wires] = [knownAfter(last?.marks), knownAfter(last?.cards), knownAfter(last?.wires)];
  return { session, analysis, source, heat, marks, cards, wires };
}

/** Looks at all nodes of a session again. */
export function refreshLooks(session: Session): void {
  const store = looksOf(session);
  store.setState(readLooks(session, store.getState()), true);
}

/** Keeps the looks in step with what training says of the nodes. Gives back what ends it. */
export function followLooks(session: Session): () => void {
  refreshLooks(session);
  return onTrainingProblems(session, () => refreshLooks(session));
}

function levelIn({ heat }: Looks, id: string): number | null {
  const level = heat?.values.get(id)?.level;
  return level === undefined ? null : Math.round(level * 100);
}

function readMark(looks: Looks, id: string): MarkLook {
  const { analysis, session } = looks;
  const isUntrainable = trainingProblemsOf(session, id).some(({ severity }) => severity !== 'info');
  return {
    family: findNode(analysis, id)?.definition?.family ?? 'io',
    tone: toneOf(analysis, id, isUntrainable),
    level: levelIn(looks, id),
  };
}

function readCard(looks: Looks, id: string): CardLook {
  const { analysis, session, source } = looks;
  const own = findNode(analysis, id);
  const total = analysis.totals.params;
  return {
    analysis: own,
    isBypassed: analysis.bypassed.has(id),
    sharers: sharingGroup(analysis, id),
    share: own?.paramCount && total > 0 ? Math.round((own.paramCount / total) * 1000) : 0,
    findings: findingsByNode(analysis).get(id),
    training: trainingProblemsOf(session, id)[0],
    level: levelIn(looks, id),
    warmth: heatWords(source, analysis, id),
    isOfParams: source.measure === 'params',
  };
}

function readWire({ analysis }: Looks, { from, to, toPort = 0 }: NetworkEdge): WireLook {
  return { shape: findNode(analysis, from)?.outputShape ?? null, isAtFault: isWireAtFault(analysis, to, toPort) };
}

function isSameWire(a: WireLook, b: WireLook): boolean {
  return a.shape === b.shape && a.isAtFault === b.isAtFault;
}

function isSameMark(a: MarkLook, b: MarkLook): boolean {
  return a.family === b.family && a.tone === b.tone && a.level === b.level;
}

function isSameCard(a: CardLook, b: CardLook): boolean {
  return (
    a.analysis === b.analysis &&
    a.isBypassed === b.isBypassed &&
    isSameList(a.sharers, b.sharers) &&
    a.share === b.share &&
    a.findings === b.findings &&
    a.training === b.training &&
    a.level === b.level &&
    a.warmth === b.warmth &&
    a.isOfParams === b.isOfParams
  );
}

function lookIn<Key, Look>(
  { known, before }: Known<Key, Look>,
  key: Key,
  read: () => Look,
  isSame: (a: Look, b: Look) => boolean,
): Look {
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const look = read();
  const last = before.get(key);
  const shown = last !== undefined && isSame(last, look) ? last : look;
  known.set(key, shown);
  return shown;
}

/** How a node of this component's session looks as a mark. */
export function useMarkLook(id: string): MarkLook {
  return useStore(looksOf(useSession()), (looks) => lookIn(looks.marks, id, () => readMark(looks, id), isSameMark));
}

/** How a node of this component's session looks as a card. */
export function useCardLook(id: string): CardLook {
  return useStore(looksOf(useSession()), (looks) => lookIn(looks.cards, id, () => readCard(looks, id), isSameCard));
}

/** How a wire of this component's session looks; null for none. */
export function useWireLook(wire: NetworkEdge | undefined): WireLook | null {
  return useStore(looksOf(useSession()), (looks) =>
    wire === undefined ? null : lookIn(looks.wires, wire, () => readWire(looks, wire), isSameWire),
  );
}
