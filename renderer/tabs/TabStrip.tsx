import { ChevronDown, Plus, X } from 'lucide-react';
import type { DragEvent, KeyboardEvent, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { isRunActive } from '../../shared/training/runState';
import { actionOf, usePerform } from '../actions';
import { ActionButton } from '../actions/ActionButton';
import { closeNetwork } from '../dialogs/fileActions';
import { useText } from '../i18n';
import type { Session } from '../session';
import {
  isDirty,
  neighbourOf,
  SessionProvider,
  useProject,
  useRun,
  useSession,
  useWorkspace,
  useWorkspaceState,
} from '../session';
import { IconButton, Menu } from '../ui';
import styles from './TabStrip.module.css';

/** MIME type of a tab that is dragged along the strip; its data is the session's id. */
const tabMime = 'application/x-convloom-tab';

const previousKeys: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowUp']);
const nextKeys: ReadonlySet<string> = new Set(['ArrowRight', 'ArrowDown']);

/** What the keys do while a tab has the focus, as a list of tabs has it everywhere. */
function useTabKeys(): (event: KeyboardEvent) => void {
  const workspace = useWorkspace();
  return (event) => {
    const { sessions, active } = workspace.getState();
    const target = previousKeys.has(event.key)
      ? neighbourOf(workspace.getState(), -1)
      : nextKeys.has(event.key)
        ? neighbourOf(workspace.getState(), 1)
        : { Home: sessions[0], End: sessions.at(-1) }[event.key];
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (hasModifier) return;
    if (event.key === 'Delete') closeNetwork(workspace, active);
    else if (target !== undefined) workspace.activate(target.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** The tab that is being dragged: the browser hides a drag's data until it is dropped. */
type Dragged = RefObject<Session | null>;

/** Drags a tab to another place of the strip: the others make room as it passes. */
function useTabDrag(session: Session, draggedRef: Dragged) {
  const workspace = useWorkspace();
  return {
    draggable: true,
    onDragStart: (event: DragEvent): void => {
      event.dataTransfer.setData(tabMime, session.id);
      event.dataTransfer.effectAllowed = 'move';
      draggedRef.current = session;
    },
    onDragOver: (event: DragEvent<HTMLElement>): void => {
      const { current } = draggedRef;
      if (current === null || !event.dataTransfer.types.includes(tabMime)) return;
      event.preventDefault();
      if (current === session) return;
      const { sessions } = workspace.getState();
      const [from, to] = [sessions.indexOf(current), sessions.indexOf(session)];
      const { left, width } = event.currentTarget.getBoundingClientRect();
      // Past its middle, so that tabs of different widths do not change places to and fro.
      const isPast = from < to ? event.clientX > left + width / 2 : event.clientX < left + width / 2;
      if (isPast) workspace.move(current.id, to);
    },
    onDrop: (event: DragEvent): void => event.preventDefault(),
    onDragEnd: (): void => {
      draggedRef.current = null;
    },
  };
}

type TabProps = { readonly isActive: boolean; readonly isShown: boolean; readonly draggedRef: Dragged };

/** One tab: the name, what is to be known of it, and its end. */
function Tab({ isActive, isShown, draggedRef }: TabProps) {
  const { t } = useText('dialogs');
  const { t: app } = useText('app');
  const session = useSession();
  const workspace = useWorkspace();
  const title = useProject(({ document }) => document.name);
  const path = useProject(({ file }) => file?.path);
  const dirty = useProject(isDirty);
  const isTraining = useRun(isRunActive);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useTabDrag(session, draggedRef);
  const onKeyDown = useTabKeys();
  useEffect(() => {
    if (isActive) frame.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);
  return (
    <div
      ref={frame}
      role="presentation"
      className={styles['tab']}
      data-active={isActive ? true : undefined}
      data-shown={isShown ? true : undefined}
      title={path}
      {...drag}
      onMouseDown={(event) => {
        // The middle button would begin to scroll.
        if (event.button === 1) event.preventDefault();
      }}
      onAuxClick={(event) => {
        if (event.button === 1) closeNetwork(workspace, session);
      }}
    >
      <button
        type="button"
        role="tab"
        id={`tab-${session.id}`}
        aria-selected={isActive}
        aria-controls="canvas"
        aria-keyshortcuts="Delete"
        tabIndex={isActive ? 0 : -1}
        className={styles['name']}
        onClick={() => workspace.activate(session.id)}
        onKeyDown={onKeyDown}
      >
        {isTraining ? (
          <span role="img" aria-label={t.training} title={t.training} className={styles['running']} />
        ) : null}
        <span className={styles['words']}>{title === '' ? app.untitled : title}</span>
        {dirty ? <span role="img" aria-label={app.unsaved} title={app.unsaved} className={styles['dirty']} /> : null}
      </button>
      {/* The Delete key does the same: a button within a list of tabs is not allowed. */}
      <span
        aria-hidden="true"
        data-close={session.id}
        title={t.closeTab}
        className={styles['close']}
        onClick={() => closeNetwork(workspace, session)}
      >
        <X size={13} />
      </span>
    </div>
  );
}

/** Whether the tabs have more room than the strip, so that some are out of sight. */
function useOverflow(count: number) {
  const list = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const measure = (): void => setOver(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [count]);
  return { list, isOver };
}

function AllTabs({ sessions, active }: { readonly sessions: readonly Session[]; readonly active: Session }) {
  const { t } = useText('dialogs');
  const { t: app } = useText('app');
  const workspace = useWorkspace();
  return (
    <Menu
      align="end"
      trigger={<IconButton size="sm" label={t.allTabs} icon={<ChevronDown size={15} aria-hidden />} />}
      groups={[
        {
          actions: sessions.map((session) => {
            const { name } = session.project.getState().document;
            return {
              id: session.id,
              label: name === '' ? app.untitled : name,
              isChecked: session === active,
              onSelect: () => workspace.activate(session.id),
            };
          }),
        },
      ]}
    />
  );
}

/** The networks that are open, where there are several. */
export function TabStrip() {
  const { t } = useText('dialogs');
  const perform = usePerform();
  const sessions = useWorkspaceState((state) => state.sessions);
  const shown = useWorkspaceState((state) => state.shown);
  const active = useWorkspaceState((state) => state.active);
  const { list, isOver } = useOverflow(sessions.length);
  const hadFocus = useRef(false);
  const draggedRef = useRef<Session | null>(null);
  useEffect(() => {
    // The focus goes along the strip with the choice, and to the neighbour of a tab that was closed.
    if (hadFocus.current) document.getElementById(`tab-${active.id}`)?.focus();
  }, [active]);
  if (sessions.length < 2) return null;
  return (
    <div
      className={styles['strip']}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={(event) => {
        // A closed tab takes the focus with it; only a focus that goes elsewhere has left the strip.
        if (event.relatedTarget !== null) hadFocus.current = event.currentTarget.contains(event.relatedTarget);
      }}
    >
      <div
        ref={list}
        role="tablist"
        aria-label={t.tabs}
        className={styles['list']}
        onWheel={(event) => {
          if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
        }}
      >
        {sessions.map((session) => (
          <SessionProvider key={session.id} session={session}>
            <Tab isActive={session === active} isShown={shown.includes(session)} draggedRef={draggedRef} />
          </SessionProvider>
        ))}
      </div>
      <IconButton
        size="sm"
        label={t.new}
        keys="Alt+N"
        icon={<Plus size={15} aria-hidden />}
        onClick={() => perform(actionOf('new'))}
      />
      <span className={styles['space']} />
      {isOver ? <AllTabs sessions={sessions} active={active} /> : null}
      <ActionButton action={actionOf('split')} size="sm" />
    </div>
  );
}
