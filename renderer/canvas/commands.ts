import { findNode } from '../../shared/analysis/blocks';
import { layers } from '../../shared/layers';
import type { Text } from '../../shared/text';
import { undoLabel, redoLabel } from '../store/history';
import { edit, redo, select, undo, useProject } from '../store/project';
import type { PanelName } from '../store/ui';
import { dockTabs, openDialog, showDockTab, toggleCanvasAlone, togglePanel, useUi } from '../store/ui';
import { formatCount } from '../ui/numbers';
import { formatDifference } from '../ui/units';
import { messages } from '../i18n';
import type { Language } from '../../shared/text';
import { fill } from '../i18n/language';
import { trainAction, trainOrStop } from '../training/trainAction';
import { networkTransforms, nodeTransforms } from '../../shared/transforms/offered';
import { deleteSelection, insertLayer, selectAll, tidyNetwork } from './actions';
import { copyFromMenu, duplicateSelection, pasteFromMenu } from './clipboard';
import { nodeCaption, nodeTitle } from './speech';
import { fitNetwork, goToNode, zoomIn, zoomOut } from './view';

/** Something the user can do, as the command palette, the menus and the keyboard know it. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly group: 'edit' | 'transform' | 'view' | 'insert' | 'goTo';
  /** As for the Kbd primitive. */
  readonly keys?: string;
  /** Further words that find it. */
  readonly keywords?: readonly string[];
  readonly hint?: string;
  readonly isEnabled?: boolean;
  readonly run: () => void;
};

function editCommands(language: Language): readonly Command[] {
  const t = messages('canvas', language);
  const app = messages('app', language);
  const { history, selection, document } = useProject.getState();
  const named = (label: Text | null, message: string, none: string): string =>
    label ? fill(message, { label: label[language] }) : none;
  const undoText = undoLabel(history);
  const redoText = redoLabel(history);
  const hasSelection = selection.size > 0;
  return [
    {
      id: 'undo',
      group: 'edit',
      title: named(undoText, app.undoLabel, app.undo),
      keys: 'Mod+Z',
      isEnabled: undoText !== null,
      run: undo,
    },
    {
      id: 'redo',
      group: 'edit',
      title: named(redoText, app.redoLabel, app.redo),
      keys: 'Mod+Shift+Z',
      isEnabled: redoText !== null,
      run: redo,
    },
    {
      id: 'duplicate',
      group: 'edit',
      title: t.duplicate,
      keys: 'Mod+D',
      isEnabled: hasSelection,
      run: duplicateSelection,
    },
    { id: 'copy', group: 'edit', title: t.copy, keys: 'Mod+C', isEnabled: hasSelection, run: copyFromMenu },
    { id: 'paste', group: 'edit', title: t.paste, keys: 'Mod+V', run: pasteFromMenu },
    {
      id: 'delete',
      group: 'edit',
      title: t.delete,
      keys: 'Delete',
      isEnabled: hasSelection,
      run: () => deleteSelection(true),
    },
    {
      id: 'deleteKeepGap',
      group: 'edit',
      title: t.deleteKeepGap,
      keys: 'Shift+Delete',
      isEnabled: hasSelection,
      run: () => deleteSelection(false),
    },
    {
      id: 'selectAll',
      group: 'edit',
      title: t.selectAll,
      keys: 'Mod+A',
      isEnabled: document.nodes.length > 0,
      run: selectAll,
    },
    {
      id: 'tidy',
      group: 'edit',
      title: app.tidy,
      hint: app.tidyHelp,
      keys: 'L',
      isEnabled: document.nodes.length > 0,
      run: tidyNetwork,
    },
    {
      id: 'train',
      group: 'edit',
      title: messages('training', language)[trainAction() === 'stop' ? 'stop' : 'train'],
      keys: 'Mod+Enter',
      isEnabled: trainAction() !== 'wait',
      run: trainOrStop,
    },
  ];
}

/** Rewriting the selected layer or the whole network. The hint counts the parameters before anything happens. */
function transformCommands(language: Language): readonly Command[] {
  const { document, analysis, selection } = useProject.getState();
  const [only] = selection;
  const offers = [
    ...(selection.size === 1 && only !== undefined ? nodeTransforms(document, analysis, only) : []),
    ...networkTransforms(document, analysis),
  ];
  return offers.map(({ id, plan }): Command => {
    const after = plan.after.totals.trainableParams;
    const difference = formatDifference(after - plan.before.totals.trainableParams);
    return {
      id: `transform.${id}`,
      group: 'transform',
      title: plan.title[language],
      hint: `${formatCount(after)} (${difference})`,
      keywords: [plan.title.en, plan.title.zh],
      run: () => void edit(plan.title, plan.edits),
    };
  });
}

function viewCommands(language: Language): readonly Command[] {
  const t = messages('canvas', language);
  const app = messages('app', language);
  const { hiddenPanels } = useUi.getState();
  const toggle = (panel: PanelName, keys: string, hide: string, show: string): Command => ({
    id: `toggle.${panel}`,
    group: 'view',
    title: hiddenPanels.has(panel) ? show : hide,
    keys,
    run: () => togglePanel(panel),
  });
  return [
    { id: 'fit', group: 'view', title: t.fitView, keys: '0', run: fitNetwork },
    { id: 'zoomIn', group: 'view', title: t.zoomIn, keys: 'Mod+=', run: zoomIn },
    { id: 'zoomOut', group: 'view', title: t.zoomOut, keys: 'Mod+-', run: zoomOut },
    { id: 'alone', group: 'view', title: t.maximise, keys: 'M', run: toggleCanvasAlone },
    ...dockTabs.map((tab, index): Command => ({
      id: `tab.${tab}`,
      group: 'view',
      title: app[tab],
      keys: `Mod+${index + 1}`,
      run: () => showDockTab(tab),
    })),
    toggle('palette', 'Mod+B', app.hidePalette, app.showPalette),
    toggle('inspector', 'Mod+I', app.hideInspector, app.showInspector),
    toggle('dock', 'Mod+J', app.hideDock, app.showDock),
    { id: 'templates', group: 'view', title: t.browseTemplates, run: () => openDialog('templates') },
  ];
}

function insertCommands(language: Language): readonly Command[] {
  return layers.map((definition) => ({
    id: `insert.${definition.kind}`,
    group: 'insert',
    title: definition.label[language],
    keywords: [definition.kind, definition.label.en, definition.label.zh],
    ...(definition.hotkey === undefined ? {} : { keys: definition.hotkey.toUpperCase() }),
    run: () => insertLayer(definition.kind),
  }));
}

function goToCommands(language: Language): readonly Command[] {
  const { document, analysis } = useProject.getState();
  return document.nodes.map((node) => {
    const own = findNode(analysis, node.id);
    return {
      id: `goTo.${node.id}`,
      group: 'goTo',
      title: nodeTitle(node, own)[language],
      hint: [node.id, nodeCaption(own)[language]].filter((part) => part !== '').join(', '),
      keywords: [node.id, node.kind],
      run: () => {
        select([node.id]);
        goToNode(node.id);
      },
    };
  });
}

/** All commands as things stand, for the command palette. */
export function allCommands(language: Language): readonly Command[] {
  return [
    ...editCommands(language),
    ...transformCommands(language),
    ...viewCommands(language),
    ...insertCommands(language),
    ...goToCommands(language),
  ];
}
