import { Suspense, useEffect, useRef } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas';
import { showInNewRoom } from '../canvas/opening';
import { fill, useText } from '../i18n';
import { watchTraining } from '../problems/trainingFindings';
import { watchWires } from '../problems/watchWires';
import type { Session } from '../session';
import {
  FocusProvider,
  SessionProvider,
  useFocus,
  useProject,
  useSession,
  useWorkspace,
  useWorkspaceState,
} from '../session';
import { later } from '../ui/later';
import { useShowsVolumes } from '../volumes/networkView';
import styles from './NetworkPanes.module.css';

const Volumes = later(async () => (await import('../volumes/Volumes')).Volumes);

/** Shows the whole network when its canvas gets half of the room, and when it has all of it again. */
function useFitSplit(session: Session, isAlone: boolean): void {
  const before = useRef(true);
  useEffect(() => {
    if (before.current === isAlone) return undefined;
    before.current = isAlone;
    // A canvas that moves to the other half is made anew, and not there yet.
    session.view.forgetViewport();
    return showInNewRoom(session);
  }, [isAlone, session]);
}

/** A network on the screen. Whatever is done in it, the window's panels and keys are about it from then on. */
function Pane({ isFront, isAlone }: { readonly isFront: boolean; readonly isAlone: boolean }) {
  const { t } = useText('dialogs');
  const { t: app } = useText('app');
  const session = useSession();
  const workspace = useWorkspace();
  const name = useProject(({ document }) => document.name);
  const focus = useFocus();
  const showsVolumes = useShowsVolumes();
  useEffect(() => watchWires(focus), [focus]);
  useEffect(() => watchTraining(session), [session]);
  useFitSplit(session, isAlone);
  const bringToFront = (): void => workspace.activate(session.id);
  const label = fill(t.pane, { name: name === '' ? app.untitled : name });
  return (
    <div
      {...(isAlone ? {} : { role: 'region', 'aria-label': label, 'aria-current': isFront, 'data-beside': true })}
      className={styles['pane']}
      data-front={isFront && !isAlone ? true : undefined}
      onPointerDownCapture={bringToFront}
      onFocusCapture={bringToFront}
      onDropCapture={bringToFront}
    >
      {isAlone ? null : (
        <p className={styles['title']} aria-hidden="true">
          {name === '' ? app.untitled : name}
        </p>
      )}
      <div className={styles['canvas']}>
        {showsVolumes ? (
          <Suspense>
            <Volumes key={session.id} />
          </Suspense>
        ) : (
          <FocusProvider>
            <Canvas />
          </FocusProvider>
        )}
      </div>
    </div>
  );
}

/** The networks on the screen: one, or two side by side, each with a canvas, a selection and a history of its own. */
export function NetworkPanes() {
  const { t } = useText('dialogs');
  const shown = useWorkspaceState((state) => state.shown);
  const active = useWorkspaceState((state) => state.active);
  const isAlone = shown.length === 1;
  const pane = (session: Session) => (
    <SessionProvider session={session}>
      <Pane isFront={session === active} isAlone={isAlone} />
    </SessionProvider>
  );
  const [left, right] = shown;
  return (
    <Group orientation="horizontal" id="panes">
      <Panel id="left-pane" minSize={200}>
        {pane(left)}
      </Panel>
      {right === undefined ? null : (
        <>
          <Separator id="panes-edge" className={styles['edge'] ?? ''} aria-label={t.resizeSplit} />
          <Panel id="right-pane" minSize={200}>
            {pane(right)}
          </Panel>
        </>
      )}
    </Group>
  );
}
