import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import type { NetworkDocument } from '../../shared/schema/document';
import { useText } from '../i18n';
import { historyStates, useProject, useSession, useWorkspaceState } from '../session';
import { useRequest } from '../store/useRequest';
import type { SelectItem } from '../ui';
import { formatWhen } from '../ui/when';
import { usePickedNetwork, type PickedNetwork } from './usePickedNetwork';

/** How many steps back, and how many runs, are offered: more are a list that nobody reads. */
const mostListed = 20;

/** One side of a comparison: what can be chosen, what is, and its network. */
export type ComparedSide = {
  readonly items: readonly SelectItem<string>[];
  readonly value: string;
  readonly choose: (value: string) => void;
  /** Null until it has been read. */
  readonly document: NetworkDocument | null;
  /** Whether it is the open network as it is now. */
  readonly isHere: boolean;
  /** The browser of files, for hosts without dialogs of their own. */
  readonly browser: ReactNode;
};

/** Networks that need no reading, by the key under which they are listed. */
function useAtHand(picked: readonly PickedNetwork[]) {
  const { t, pick } = useText('compare');
  const { id: own } = useSession();
  const document = useProject((state) => state.document);
  const saved = useProject((state) => state.savedDocument);
  const hasFile = useProject((state) => state.file !== null);
  const history = useProject((state) => state.history);
  const sessions = useWorkspaceState((state) => state.sessions);
  return useMemo(() => {
    const steps = historyStates(history)
      .filter(({ distance }) => distance !== 0)
      .slice(-mostListed)
      .reverse();
    const entries: readonly (readonly [key: string, label: string, hint: string | null, NetworkDocument])[] = [
      ['here', document.name === '' ? t.thisNetwork : document.name, t.fromHere, document],
      ...(hasFile ? [['saved', t.fromFile, null, saved] as const] : []),
      ...picked.map((one, at) => [`file:${at}`, one.name, t.fromFile, one.document] as const),
      ...sessions
        .filter(({ id }) => id !== own)
        .map(({ id, project }) => {
          const { document: other } = project.getState();
          return [`tab:${id}`, other.name === '' ? t.unnamed : other.name, t.fromTab, other] as const;
        }),
      ...steps.map(
        ({ distance, label, document: past }) =>
          [`step:${distance}`, label === null ? t.asOpened : pick(label), t.fromHistory, past] as const,
      ),
    ];
    return entries;
  }, [document, saved, hasFile, history, sessions, picked, own, t, pick]);
}

/** One side of a comparison, at first what `initial` names. */
export function useComparedNetwork(initial: 'here' | 'template'): ComparedSide {
  const { t, language } = useText('compare');
  const name = useProject((state) => state.document.name);
  const [picked, setPicked] = useState<readonly PickedNetwork[]>([]);
  const [chosen, setChosen] = useState<string | null>(initial === 'here' ? 'here' : null);
  const atHand = useAtHand(picked);
  const { value: templates } = useRequest('templates.list', {});
  const { value: runs } = useRequest('run.list', {});
  const { browse, browser } = usePickedNetwork((network) => {
    setChosen(`file:${picked.length}`);
    setPicked([...picked, network]);
  });
  const suggested = templates?.find((template) => template.name !== name) ?? templates?.[0];
  const value = chosen ?? (suggested === undefined ? 'here' : `template:${suggested.id}`);
  const [source, id = ''] = value.split(/:(.*)/s);
  const { value: template } = useRequest('templates.open', source === 'template' ? { id } : null);
  const { value: run } = useRequest('run.get', source === 'run' ? { runId: id } : null);
  const known = atHand.find(([key]) => key === value)?.[3] ?? null;
  const read = source === 'template' ? template : source === 'run' ? (run?.document ?? null) : null;
  const items = [
    ...atHand.map(([key, label, hint]) => ({ value: key, label, ...(hint === null ? {} : { hint }) })),
    { value: 'browse', label: t.chooseFile },
    ...(templates ?? []).map((one) => ({ value: `template:${one.id}`, label: one.name, hint: t.fromTemplate })),
    ...(runs ?? []).slice(0, mostListed).map((one) => ({
      value: `run:${one.id}`,
      label: one.variant === undefined ? one.name : `${one.name} · ${one.variant.label[language]}`,
      hint: `${t.fromRun}, ${formatWhen(one.startedAt, language)}`,
    })),
  ];
  return {
    items,
    value,
    choose: (next) => (next === 'browse' ? browse() : setChosen(next)),
    document: known ?? read,
    isHere: value === 'here',
    browser,
  };
}
