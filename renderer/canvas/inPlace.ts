import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { findNode } from '../../shared/analysis/blocks';
import type { NodeAnalysis } from '../../shared/analysis/types';
import type { ParamField } from '../../shared/layers/define';
import type { Json, NetworkNode } from '../../shared/schema/document';
import { text } from '../../shared/text';
import { paramToText } from '../inspector/paramText';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { detailAt } from './detail';
import { fitNodes, focusNode, zoomOf } from './view';

/** What is being edited on a node itself: its name, or one of its numbers. */
export type InPlace = { readonly id: string; readonly param: string | null };

const inPlaceOf = sessionPart(() => createStore<{ readonly edited: InPlace | null }>(() => ({ edited: null })));

/** The param that is edited on a node, null for its name; undefined where nothing is. */
export function useEditedInPlace(id: string): string | null | undefined {
  return useStore(inPlaceOf(useSession()), ({ edited }) => (edited?.id === id ? edited.param : undefined));
}

/** Begins to edit on a node; from too far to read, it is shown whole first. */
export function editInPlace(session: Session, id: string, param: string | null): void {
  if (detailAt(zoomOf(session)) !== 'near') fitNodes(session, [id]);
  inPlaceOf(session).setState({ edited: { id, param } });
}

/** Ends editing on a node, which then has the keyboard. */
export function leaveInPlace(session: Session): void {
  const { edited } = inPlaceOf(session).getState();
  inPlaceOf(session).setState({ edited: null });
  if (edited) focusNode(session, edited.id);
}

/** Ends an edit whose field lost the keyboard, if it is still the one; false where it had ended already. */
export function dropInPlace(session: Session, { id, param }: InPlace): boolean {
  const { edited } = inPlaceOf(session).getState();
  if (edited?.id !== id || edited.param !== param) return false;
  inPlaceOf(session).setState({ edited: null });
  return true;
}

/** A number of a node that can be edited on it. */
export type NodeNumber = { readonly name: string; readonly field: ParamField; readonly value: Json };

/** The numbers of a node in the order of its form; those of a node whose params do not validate, too. */
export function numbersOf(node: NetworkNode, analysis: NodeAnalysis | undefined): readonly NodeNumber[] {
  const { definition, params } = analysis ?? {};
  if (!definition) return [];
  const shown = { ...node.params, ...params };
  return Object.entries(definition.params).flatMap(([name, field]): NodeNumber[] => {
    if (field.type === 'boolean' || field.type === 'choice' || field.visible?.(shown) === false) return [];
    const value = node.params[name] ?? ('default' in field ? field.default : undefined);
    if (value === undefined || typeof value === 'string') return [];
    return [{ name, field, value }];
  });
}

/** A number as it may stand in a caption: `5 × 5`, or `5` alone. */
function isShownAs({ field, value }: NodeNumber, shown: string): boolean {
  const plain = paramToText(field, value).replace(/\s/g, '');
  return plain === shown || plain === `${shown}×${shown}`;
}

/**
 * The param whose number stands at a place of a node's caption: of several of one value, the one whose turn it is. Null where there is no
 * number, or none of the node's.
 */
export function numberAt(numbers: readonly NodeNumber[], caption: string, at: number): string | null {
  const found = [...caption.matchAll(/\d+(?:\.\d+)?(?:\s*[×x]\s*\d+(?:\.\d+)?)*/g)];
  const left = [...numbers];
  for (const { 0: words, index } of found) {
    const pick = (shown: string): NodeNumber | undefined => {
      const one = left.findIndex((number) => isShownAs(number, shown));
      return one < 0 ? undefined : left.splice(one, 1)[0];
    };
    // `20 × 5 × 5` are two params side by side: the longest that is one value is taken first.
    const parts = words.split(/\s*[×x]\s*/);
    let offset = index;
    for (let from = 0; from < parts.length;) {
      let count = parts.length - from;
      let hit: NodeNumber | undefined;
      for (; count > 0 && hit === undefined;) {
        hit = pick(parts.slice(from, from + count).join('×'));
        if (hit === undefined) count -= 1;
      }
      const taken = Math.max(1, count);
      const until = from + taken === parts.length ? index + words.length : endOf(caption, offset, taken);
      if (at >= offset && at <= until) return hit?.name ?? null;
      offset = until;
      from += taken;
    }
  }
  return null;
}

/** Where so many numbers end, from a place on. */
function endOf(caption: string, from: number, count: number): number {
  const found = [...caption.slice(from).matchAll(/\d+(?:\.\d+)?/g)][count - 1];
  return found === undefined ? caption.length : from + found.index + found[0].length;
}

/** The undo label of a change of a param. */
export function changeLabel(node: NetworkNode, field: ParamField): ReturnType<typeof text> {
  return text(
    `Set ${field.label.en.toLowerCase()} of ${node.label ?? node.id}`,
    `设置 ${node.label ?? node.id} 的${field.label.zh}`,
  );
}

/** The number behind or before one of a node's; undefined past the last. */
export function nextNumber(session: Session, node: NetworkNode, param: string, by: 1 | -1): string | undefined {
  const numbers = numbersOf(node, findNode(session.project.getState().analysis, node.id));
  const at = numbers.findIndex(({ name }) => name === param);
  return at < 0 || at + by < 0 ? undefined : numbers[at + by]?.name;
}
