import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { layers } from '../../shared/layers';
import type { Language } from '../../shared/text';
import { actionOf, useActionState } from '../actions';
import { menuItem, menus } from '../actions/menus';
import { useText } from '../i18n';
import type { Session } from '../session';
import { useSession, useWorkspace } from '../session';
import { MenuItems } from '../ui/Menu';
import type { MenuGroup } from '../ui/Menu';
import { usePopupContainer } from '../ui/PopupLayer';
import menuStyles from '../ui/Menu.module.css';
import { dropLayerOnWire } from './actions';
import { flowOf } from './flow';
import { clearFrames, selectedFrameIds, selectFrames } from './frameStore';
import { openMenuAt } from './pointer';

/** Right-clicking a node or a wire that is not selected selects it first, as everywhere. */
function selectUnder(session: Session, target: EventTarget | null): void {
  const { project } = session;
  const idOf = (part: string): string | undefined =>
    target instanceof Element ? target.closest<HTMLElement | SVGElement>(part)?.dataset['id'] : undefined;
  const frameId = target instanceof Element ? target.closest<HTMLElement>('[data-frame]')?.dataset['frame'] : undefined;
  if (frameId !== undefined) {
    if (!selectedFrameIds(session).has(frameId)) selectFrames(session, [frameId]);
    return;
  }
  clearFrames(session);
  const id = idOf('.react-flow__node');
  const wireId = idOf('.react-flow__edge');
  flowOf(session).selectWires(new Set(wireId === undefined ? [] : [wireId]));
  if (id === undefined) project.select([]);
  else if (!project.getState().selection.has(id)) project.select([id]);
}

/** The layers that a wire's menu offers to put into it: those at hand under a key, that take one wire. */
const intoWire = layers.filter(
  ({ hotkey, inputs }) => hotkey !== undefined && inputs.arity === 'fixed' && inputs.ports.length === 1,
);

/** What can be done with the wire under the menu. */
function wireGroups(session: Session, language: Language, title: string): readonly MenuGroup[] {
  const [edge] = flowOf(session).selectedEdges();
  if (edge === undefined) return [];
  return [
    {
      title,
      actions: intoWire.map(({ kind, label }) => ({
        id: `insert.${kind}`,
        label: label[language],
        onSelect: () => dropLayerOnWire(session, kind, edge),
      })),
    },
  ];
}

/** What is offered only where it applies, and not to several nodes. */
const ofOneNode: ReadonlySet<string> = new Set([
  'showProblem',
  'wire',
  'replace',
  'rename',
  'enterBlock',
  'openInPlace',
  'ungroup',
  'leaveBlock',
  'receptiveField',
  'addPort',
  'wire.straighten',
]);

/** The actions for what is selected, or for the canvas. One that cannot apply is left out rather than greyed. */
function Entries() {
  const { t, language } = useText('canvas');
  const workspace = useWorkspace();
  const session = useSession();
  const state = useActionState();
  const hasNodes = state.project.selection.size > 0;
  const isOfWire = !hasNodes && state.hasSelectedWires;
  const isOfFrame = !hasNodes && state.selectedFrames.size > 0;
  const sections = hasNodes ? menus.selection : isOfFrame ? menus.frame : isOfWire ? menus.wire : menus.pane;
  const hidesWhenIdle = (id: string): boolean => ofOneNode.has(id);
  const isOne = state.project.selection.size <= 1;
  const groups = sections.map((ids): MenuGroup => ({
    actions: ids
      .filter((id) => !hidesWhenIdle(id) || (isOne && actionOf(id).applies(state)))
      .map((id) => {
        const { icon: _icon, ...item } = menuItem(actionOf(id), state, { workspace, session }, language);
        return item;
      }),
  }));
  return <MenuItems groups={isOfWire ? [...groups, ...wireGroups(session, language, t.insertHere)] : groups} />;
}

/** The menu behind the right mouse button, and the menu key. */
export function CanvasMenu({ children }: { readonly children: ReactElement }) {
  const session = useSession();
  const container = usePopupContainer();
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={<div style={{ height: '100%' }} />}
        onContextMenuCapture={(event) => {
          openMenuAt(session, { x: event.clientX, y: event.clientY });
          selectUnder(session, event.target);
        }}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal container={container}>
        <ContextMenu.Positioner className={menuStyles['positioner']}>
          <ContextMenu.Popup className={menuStyles['popup']}>
            <Entries />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
