import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Command } from '../actions/commands';
import { allCommands } from '../actions/commands';
import { listedCommands } from '../actions/listedCommands';
import { openCommands } from '../actions/openCommands';
import { rankCommands, type RankedGroup } from '../actions/rankCommands';
import { useText } from '../i18n';
import { useSession, useWorkspace } from '../session';
import { openDialog, useUi } from '../store';
import { useRequest } from '../store/useRequest';
import { Dialog } from '../ui/Dialog';
import { Kbd } from '../ui/Kbd';
import styles from './CommandPalette.module.css';

const groups = ['file', 'edit', 'insert', 'transform', 'view', 'learn', 'goTo'] as const;

/** The first that can be done: it is chosen beforehand. */
function firstEnabled(ranked: readonly RankedGroup[]): string {
  for (const { commands } of ranked) {
    const found = commands.find(({ isEnabled }) => isEnabled !== false);
    if (found !== undefined) return found.id;
  }
  return '';
}

function Commands({ input }: { readonly input: React.RefObject<HTMLInputElement | null> }) {
  const { t, language } = useText('app');
  // Taken when the palette opens: nothing changes under it while it is open.
  const workspace = useWorkspace();
  const session = useSession();
  const own = useMemo(() => allCommands({ workspace, session }, language), [workspace, session, language]);
  const { value: templates } = useRequest('templates.list', {});
  const { value: recent } = useRequest('project.recent', {});
  const all = useMemo(
    () => [...own, ...openCommands(workspace, language, { templates: templates ?? [], recent: recent ?? [] })],
    [own, workspace, language, templates, recent],
  );
  const [typed, setTyped] = useState('');
  const ranked = useMemo(() => rankCommands(listedCommands(all, typed), typed, groups), [all, typed]);
  // A choice counts for the list that it was made in: templates that arrive late bring another.
  const [chosen, setChosen] = useState<{ readonly list: typeof ranked; readonly id: string } | null>(null);
  const titles = {
    file: t.groupFile,
    edit: t.groupEdit,
    insert: t.groupInsert,
    transform: t.groupTransform,
    view: t.groupView,
    learn: t.groupLearn,
    goTo: t.groupGoTo,
  };
  const runAndClose = (command: Command): void => {
    openDialog(null);
    // After the dialog has given the focus back, so that a command that moves it wins.
    requestAnimationFrame(() => command.run());
  };
  return (
    <Cmdk
      label={t.commands}
      loop
      shouldFilter={false}
      value={chosen?.list === ranked ? chosen.id : firstEnabled(ranked)}
      onValueChange={(id) => setChosen({ list: ranked, id })}
      className={styles['palette'] ?? ''}
    >
      <div className={styles['search']}>
        <Search size={16} aria-hidden />
        <Cmdk.Input
          ref={input}
          value={typed}
          onValueChange={setTyped}
          placeholder={t.searchCommands}
          aria-label={t.searchCommands}
        />
      </div>
      <Cmdk.List className={styles['list'] ?? ''} label={t.commands}>
        <Cmdk.Empty className={styles['none'] ?? ''}>{t.noCommand}</Cmdk.Empty>
        {ranked.map(({ group, commands }) => (
          <Cmdk.Group key={group} heading={titles[group]}>
            {commands.map((command) => (
              <Cmdk.Item
                key={command.id}
                value={command.id}
                disabled={command.isEnabled === false}
                onSelect={() => runAndClose(command)}
              >
                <span className={styles['title']}>{command.title}</span>
                {command.hint === undefined ? null : <span className={styles['hint']}>{command.hint}</span>}
                {command.keys === undefined ? null : <Kbd keys={command.keys} />}
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Everything the app can do, by name: Ctrl+K. */
export function CommandPalette() {
  const { t } = useText('app');
  const isOpen = useUi((state) => state.dialog === 'commands');
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog isOpen={isOpen} onClose={() => openDialog(null)} title={t.commands} isBare initialFocus={input}>
      <Commands input={input} />
    </Dialog>
  );
}
