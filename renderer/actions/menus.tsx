import type { AppMenu, MenuEntry } from '../../shared/host/api';
import type { Language } from '../../shared/text';
import { messages } from '../i18n';
import type { MenuAction } from '../ui';
import type { Action, ActionContext, ActionState } from './action';
import { actionOf } from './index';
import { learnMenu } from './learnActions';

/** What a menu shows of the network: ids of actions, in sections. */
export const menus = {
  file: [
    ['new', 'templates', 'open', 'import', 'follow', 'followFar'],
    ['save', 'saveAs', 'export', 'exportFigure'],
    ['closeTab'],
  ],
  /** Behind the right button, with something selected... */
  selection: [
    ['showProblem', 'wire', 'replace', 'rename', 'bypass', 'duplicate', 'copy', 'copySketch', 'cut'],
    ['enterBlock', 'openInPlace', 'group', 'ungroup', 'frame'],
    ['tidy', 'pin'],
    ['select.upstream', 'select.downstream', 'select.kind', 'receptiveField'],
    ['delete', 'deleteKeepGap'],
  ],
  /** ...on a wire... */
  wire: [['wire.addPlace', 'wire.straighten', 'delete']],
  /** ...on a frame... */
  frame: [
    ['rename', 'frame.note', 'frame.fit', 'frame'],
    ['duplicate', 'copy', 'cut'],
    ['delete', 'frame.deleteAll'],
  ],
  /** ...and with nothing. */
  pane: [['searchHere', 'note', 'addPort', 'paste', 'selectAll', 'tidyAll', 'leaveBlock']],
} as const satisfies Record<string, readonly (readonly string[])[]>;

/** The native menu. Copying and pasting are the system's, which serves text fields as well. */
export const nativeMenus = {
  file: menus.file,
  edit: [
    ['undo', 'redo', 'history'],
    ['duplicate', 'rename', 'bypass', 'delete', 'deleteKeepGap'],
    ['tidy', 'tidyAll', 'pin'],
    ['group', 'ungroup', 'addPort', 'removeUnusedBlocks'],
    ['frame', 'note', 'frame.fit', 'frame.deleteAll'],
    ['find'],
  ],
  view: [
    ['fit', 'fitSelection', 'fullSize', 'zoomIn', 'zoomOut', 'alone', 'volumes'],
    [
      'heat.params',
      'heat.macs',
      'heat.memory',
      'heat.time',
      'heat.gradient',
      'heat.dead',
      'heat.none',
      'receptiveField',
    ],
    ['toggle.palette', 'toggle.inspector', 'toggle.dock'],
    ['tab.problems', 'tab.training', 'tab.code', 'tab.compare'],
    ['split', 'nextTab', 'previousTab'],
  ],
  learn: learnMenu,
  help: [['commands', 'shortcuts'], ['settings']],
} as const satisfies Record<keyof AppMenu, readonly (readonly string[])[]>;

/** The combination that the native menu shows: where there are several, the one that every desktop app has. */
function nativeKeys({ shortcuts = [] }: Action): string | undefined {
  return shortcuts.find((keys) => /^(Mod|Control)\+/.test(keys)) ?? shortcuts[0];
}

/** The native menu as the host is told of it. */
export function appMenu(language: Language): AppMenu {
  const t = messages('app', language);
  const entriesOf = (sections: readonly (readonly string[])[]): readonly MenuEntry[] =>
    sections.flatMap((ids, section) =>
      ids.map((id): MenuEntry => {
        const action = actionOf(id);
        const keys = nativeKeys(action);
        return { id, label: action.label[language], section, ...(keys === undefined ? {} : { keys }) };
      }),
    );
  return {
    file: { label: messages('dialogs', language).file, entries: entriesOf(nativeMenus.file) },
    edit: { label: t.groupEdit, entries: entriesOf(nativeMenus.edit) },
    view: { label: t.groupView, entries: entriesOf(nativeMenus.view) },
    learn: { label: t.groupLearn, entries: entriesOf(nativeMenus.learn) },
    help: { label: t.groupHelp, entries: entriesOf(nativeMenus.help) },
  };
}

/** An action as an entry of one of the app's own menus. */
export function menuItem(action: Action, state: ActionState, context: ActionContext, language: Language): MenuAction {
  const { id, icon: Icon, shortcuts } = action;
  const [keys] = shortcuts ?? [];
  return {
    id,
    label: action.label[language],
    ...(Icon === undefined ? {} : { icon: <Icon size={15} /> }),
    ...(keys === undefined ? {} : { keys }),
    isDisabled: !action.applies(state),
    onSelect: () => action.perform(context),
  };
}
