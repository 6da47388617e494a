import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { findNode } from '../../shared/analysis/blocks';
import type { NetworkNode } from '../../shared/schema/document';
import { formatNumber, text } from '../../shared/text';
import { fill, messages, useText } from '../i18n';
import { paramToText, parseParam, stepParam } from '../inspector/paramText';
import { useProject, useSession } from '../session';
import { useUi } from '../store/ui';
import { TextInput } from '../ui/TextInput';
import styles from './InPlaceField.module.css';
import { changeLabel, dropInPlace, editInPlace, leaveInPlace, nextNumber, numbersOf } from './inPlace';
import { nodeTitle } from './speech';

/** Keeps React Flow from dragging the node, or the view, by what is typed in. */
const still = `${styles['field'] ?? ''} nodrag nopan`;

/** The name of a node, edited where it stands: F2. */
export function NameInPlace({ node }: { readonly node: NetworkNode }) {
  const { t, pick } = useText('moving');
  const session = useSession();
  const analysis = useProject((state) => findNode(state.analysis, node.id));
  const shown = pick(nodeTitle(node, analysis));
  const [name, setName] = useState(shown);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = (): void => {
    const next = name.trim();
    if (name === shown || next === (node.label ?? '')) return;
    session.project.edit(text(`Label ${node.id}`, `给 ${node.id} 加标签`), [
      { type: 'setLabel', id: node.id, label: next === '' ? null : next },
    ]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    if (event.key === 'Enter') save();
    leaveInPlace(session);
  };
  return (
    <span className={still}>
      <TextInput
        ref={input}
        size="sm"
        autoFocus
        aria-label={fill(t.nameOf, { node: node.id })}
        value={name}
        placeholder={node.id}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (dropInPlace(session, { id: node.id, param: null })) save();
        }}
      />
    </span>
  );
}

/** What is typed for a number, and why it is none yet. */
type Draft = { readonly text: string; readonly reason: string | null };

/** A number of a node, edited where it stands. Shapes follow as it is typed; all of it is one step. */
export function NumberInPlace({ node, param }: { readonly node: NetworkNode; readonly param: string }) {
  const session = useSession();
  const { pick, language } = useText('moving');
  const analysis = useProject((state) => findNode(state.analysis, node.id));
  const number = numbersOf(node, analysis).find(({ name }) => name === param);
  const field = number?.field ?? analysis?.definition?.params[param];
  const [draft, setDraft] = useState<Draft | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  useEffect(() => {
    const { nodes } = session.project.getState().document;
    const own = nodes.find(({ id }) => id === node.id);
    const known = own && findNode(session.project.getState().analysis, own.id)?.definition?.params[param];
    if (own && known) session.project.beginGesture(changeLabel(own, known));
  }, [session, node.id, param]);
  if (field === undefined) return null;
  const set = (value: Parameters<typeof paramToText>[1]): void => {
    if (value === undefined) return;
    const change = { type: 'setParams', id: node.id, params: { [param]: value } } as const;
    session.project.edit(changeLabel(node, field), [change], 'merge');
  };
  const type = (typed: string): void => {
    const parsed = parseParam(field, typed);
    if (parsed.ok) set(parsed.value);
    setDraft({ text: typed, reason: parsed.ok ? null : reasonText(parsed.reason, field) });
  };
  const finish = (next: string | undefined): void => {
    session.project.commitGesture();
    if (next === undefined) leaveInPlace(session);
    else editInPlace(session, node.id, next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const stepped = step === undefined ? null : stepParam(field, number?.value, step * (event.shiftKey ? 10 : 1));
    if (stepped !== null) {
      set(stepped);
      setDraft(null);
    } else if (event.key === 'Enter') finish(undefined);
    else if (event.key === 'Tab') finish(nextNumber(session, node, param, event.shiftKey ? -1 : 1));
    else if (event.key === 'Escape') {
      session.project.cancelGesture();
      leaveInPlace(session);
    } else return;
    event.preventDefault();
  };
  const label = pick(field.label);
  return (
    <label className={still} title={draft?.reason ?? pick(field.doc)}>
      <span lang={language}>{label}</span>
      <TextInput
        ref={input}
        size="sm"
        isFigure
        autoFocus
        aria-label={label}
        value={draft?.text ?? paramToText(field, number?.value)}
        isInvalid={draft?.reason != null}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (dropInPlace(session, { id: node.id, param })) session.project.commitGesture();
        }}
      />
    </label>
  );
}

type Reason = Extract<ReturnType<typeof parseParam>, { readonly ok: false }>['reason'];

/** Why what was typed is no value, in the words of the form. */
function reasonText(reason: Reason, field: Parameters<typeof parseParam>[0]): string {
  const message = messages('inspector', useUi.getState().language)[`reason_${reason}`];
  return 'min' in field ? fill(message, { min: formatNumber(field.min), max: formatNumber(field.max) }) : message;
}
