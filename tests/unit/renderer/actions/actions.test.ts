import { describe, expect, it } from 'vitest';
import { layers } from '../../../../shared/layers';
import { emptyDocument } from '../../../../shared/schema/document';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import type { ActionState } from '../../../../renderer/actions';
import { actionOf, actions, findAction } from '../../../../renderer/actions';
import { isCharacter, toKeybinding } from '../../../../renderer/actions/bindKeys';
import { allCommands } from '../../../../renderer/actions/commands';
import { appMenu, menus, nativeMenus } from '../../../../renderer/actions/menus';
import { actionState } from '../../../../renderer/actions/state';
import { createWorkspace } from '../../../../renderer/session';
import { acceleratorOf, menuTemplate } from '../../../../electron/main/menu';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const shortcuts = actions.flatMap(({ id, shortcuts: keys = [] }) => keys.map((key) => ({ id, key })));

const network: NetworkDocument = {
  ...emptyDocument('N'),
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [8, 8, 1] } },
    { id: 'f', kind: 'fc', params: { units: 2 } },
  ],
  edges: [{ from: 'x', to: 'f' }],
};

function open(document: NetworkDocument) {
  const workspace = createWorkspace(sessionServices(createSessionHost().link));
  const session = workspace.replace({ document });
  const state = (): ActionState => ({ ...actionState(session), hasHost: true });
  const applying = (): readonly string[] => actions.filter((action) => action.applies(state())).map(({ id }) => id);
  return { workspace, session, state, applying };
}

describe('the actions', () => {
  it('have an id of their own and a label in both languages', () => {
    const ids = actions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, label } of actions) {
      expect(label.en.trim(), id).not.toBe('');
      expect(label.zh.trim(), id).not.toBe('');
    }
  });

  it('never share a key, whatever has the focus', () => {
    const keys = shortcuts.map(({ key }) => (isCharacter(key) ? key.toLowerCase() : toKeybinding(key)));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(keys.length).toBeGreaterThan(50);
  });

  it('are heard somewhere where they have keys', () => {
    const deaf = actions.filter(
      ({ shortcuts: keys, scope, isClipboard }) => keys && scope === undefined && !isClipboard,
    );
    expect(deaf.map(({ id }) => id)).toEqual([]);
  });

  it.each([
    ['Mod+Shift+Z', '$mod+Shift+KeyZ'],
    ['Mod+=', '$mod+Equal'],
    ['Mod+-', '$mod+Minus'],
    ['Mod+1', '$mod+1'],
    ['Alt+Shift+ArrowUp', 'Alt+Shift+ArrowUp'],
    ['Delete', 'Delete'],
  ])('bind %s as %s', (keys, binding) => {
    expect(toKeybinding(keys)).toBe(binding);
  });

  it('insert every kind of layer, by its own key', () => {
    for (const { kind, hotkey } of layers) {
      const { shortcuts: keys = [] } = actionOf(`insert.${kind}`);
      expect(keys).toEqual(hotkey === undefined ? [] : [hotkey.toUpperCase()]);
    }
  });

  it('leave Ctrl+Enter to the text field that has the focus', () => {
    expect(actionOf('train').scope).toBe('page');
  });
});

describe('when an action applies', () => {
  it('follows from what is open, selected and done', () => {
    const empty = open(emptyDocument('')).applying();
    for (const id of ['undo', 'redo', 'delete', 'duplicate', 'selectAll', 'tidy', 'export', 'train']) {
      expect(empty).not.toContain(id);
    }
    const { session, state, applying } = open(network);
    expect(applying()).toEqual(expect.arrayContaining(['selectAll', 'tidy', 'export', 'train']));
    session.project.select(['f']);
    session.project.edit(text('Rename', '重命名'), [{ type: 'renameNetwork', name: 'Other' }]);
    expect(applying()).toEqual(expect.arrayContaining(['undo', 'delete', 'duplicate', 'save']));
    expect(actionOf('undo').title?.(state())).toEqual({ en: 'Undo: Rename', zh: '撤销：重命名' });
    actionOf('undo').perform({ workspace: open(network).workspace, session });
    expect(applying()).toContain('redo');
  });

  it('acts on the network that it is asked of', () => {
    const one = open(network);
    const other = one.workspace.open({ document: network });
    actionOf('selectAll').perform({ workspace: one.workspace, session: one.session });
    expect(one.session.project.getState().selection.size).toBe(2);
    expect(other.project.getState().selection.size).toBe(0);
  });
});

describe('menus and palette', () => {
  it.each(Object.entries({ ...menus, ...nativeMenus }))('%s lists actions only', (_, sections) => {
    for (const id of sections.flat()) expect(findAction(id)?.id).toBe(id);
  });

  it('list every action but motions and the palette itself', () => {
    const { workspace, session } = open(network);
    const listed = new Set(allCommands({ workspace, session }, 'en').map(({ id }) => id));
    const missing = actions.filter(({ id, isMotion }) => isMotion !== true && !listed.has(id));
    expect(missing.map(({ id }) => id)).toEqual(['commands']);
  });

  it('shows on the desktop the same ids, with no key that the page does not act on', () => {
    const bound = new Set(shortcuts.map(({ id, key }) => `${id} ${acceleratorOf(key)}`));
    const sent: string[] = [];
    for (const language of ['en', 'zh'] as const) {
      const template = menuTemplate(appMenu(language), false, (command) => sent.push(command));
      const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
      const own = items.filter(({ id }) => id !== undefined);
      expect(own.map(({ id }) => id)).toEqual(Object.values(nativeMenus).flat(2));
      for (const { id, label, accelerator, registerAccelerator } of own) {
        expect(label).toBe(findAction(id ?? '')?.label[language]);
        expect(registerAccelerator).toBe(false);
        if (accelerator !== undefined) expect(bound).toContain(`${id ?? ''} ${accelerator}`);
      }
      own.forEach((item) => (item.click as () => void)());
    }
    expect(sent).toEqual([...Object.values(nativeMenus).flat(2), ...Object.values(nativeMenus).flat(2)]);
  });
});
