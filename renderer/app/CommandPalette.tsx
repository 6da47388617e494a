import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Search } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Command } from '../actions/commands';
import { allCommands } from '../actions/commands';
import { listedCommands } from '../actions/listedCommands';
import { openCommands } from '../actions/openCommands';
import { useText } from '../i18n';
import { useSession, useWorkspace } from '../session';
import { openDialog, useUi } from '../store';
import { useRequest } from '../store/useRequest';
import { Dialog } from '../ui/Dialog';
import { Kbd } from '../ui/Kbd';
import styles from './CommandPalette.module.css';

const groups = ['file', 'edit', 'insert', 'transform', 'view', 'learn', 'goTo'] as const;

/** What a command is ranked by. */
function valueOf({ title, id }: Command): string {
  return `${title} ${id}`;
}

/** Less than any score that the palette shows: a command that takes something away comes last, and is chosen first only by itself. */
const behindOthers = 1e-6;

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
  const destructive = useMemo(() => new Set(all.filter(({ isDestructive }) => isDestructive).map(valueOf)), [all]);
  const [typed, setTyped] = useState('');
  const commands = useMemo(() => listedCommands(all, typed), [all, typed]);
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
      filter={(value, search, keywords) =>
        defaultFilter(value, search, keywords) * (destructive.has(value) ? behindOthers : 1)
      }
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
      <Cmdk.List className={styles['list'] ?? ''}>
        <Cmdk.Empty className={styles['none'] ?? ''}>{t.noCommand}</Cmdk.Empty>
        {groups.map((group) => (
          <Cmdk.Group key={group} heading={titles[group]}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Cmdk.Item
                  key={command.id}
                  value={valueOf(command)}
                  keywords={[...(command.keywords ?? [])]}
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
