import { mergeConflict } from '../../diagnostics/catalog/merge';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Json } from '../../schema/document';
import { text, type Text } from '../../text';
import type { MergeConflict } from './conflict';

const nouns: Readonly<Record<MergeConflict['what'], Text>> = {
  network: text('the network', '网络'),
  training: text('the training', '训练设置'),
  block: text('block', '块'),
  node: text('node', '节点'),
  wire: text('the wire into', '接入连线'),
};

function subjectOf({ what, block, id, field }: MergeConflict): Text {
  const noun = nouns[what];
  const isInside = block !== null && what !== 'block';
  const named = (word: string): string => (id === '' ? word : `${word} ${isInside ? `${block}/${id}` : id}`);
  const rest = field === null ? '' : `, ${field}`;
  return text(`${named(noun.en)}${rest}`, `${named(noun.zh)}${field === null ? '' : `，${field}`}`);
}

/** A conflict as the problems of a network are told. */
export function describeConflict(conflict: MergeConflict): Diagnostic {
  const shown = (value: Json): string | null => (value === null ? null : JSON.stringify(value));
  const { what, base, ours, theirs, id } = conflict;
  return mergeConflict({
    subject: subjectOf(conflict),
    nodeId: what === 'node' || what === 'wire' ? id : null,
    base: shown(base),
    ours: shown(ours),
    theirs: shown(theirs),
  });
}
