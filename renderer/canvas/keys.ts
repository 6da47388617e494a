import { tinykeys } from 'tinykeys';
import { layers } from '../../shared/layers';
import { messages } from '../i18n';
import { redo, select, undo, useProject } from '../store/project';
import { dockTabs, openDialog, openProblemCard, showDockTab, toggleCanvasAlone, togglePanel, useUi } from '../store/ui';
import { trainOrStop } from '../training/trainAction';
import { notify } from '../ui/notify';
import { connectNodes, deleteSelection, insertLayer, nudgeSelection, selectAll, tidyNetwork } from './actions';
import { announce } from './announce';
import { copySelection, cutSelection, duplicateSelection, pasteText } from './clipboard';
import type { Direction } from './navigate';
import { neighbour } from './navigate';
import { fitNetwork, focusNode, goToNode, zoomIn, zoomOut } from './view';
import { chooseTarget, edgeBetween, endWire, startKeyboardWire, useWiring } from './wiring';

type Handler = (event: KeyboardEvent) => void;

/** True where keys are text or belong to an open menu or dialog. */
function isElsewhere(event: Event): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"], .monaco-editor',
    ) !== null
  );
}

/** True when the focus is on the canvas or nowhere: plain letters act there, and in no panel. */
function isOnCanvas(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    !isElsewhere(event) &&
    (target === document.body || (target instanceof Element && target.closest('.react-flow') !== null))
  );
}

function onCanvas(handler: () => void): Handler {
  return (event) => {
    if (!isOnCanvas(event) || event.altKey) return;
    event.preventDefault();
    handler();
  };
}

function anywhere(handler: () => void): Handler {
  return (event) => {
    if (isElsewhere(event)) return;
    event.preventDefault();
    handler();
  };
}

/** In text fields too: these are the window's own. */
function always(handler: () => void): Handler {
  return (event) => {
    event.preventDefault();
    handler();
  };
}

function focusedNode(): string | null {
  const element = document.activeElement?.closest<HTMLElement>('.react-flow__node');
  const [first] = useProject.getState().selection;
  return element?.dataset['id'] ?? first ?? null;
}

function goTo(direction: Direction, extend: boolean): void {
  const { document: network, selection } = useProject.getState();
  const from = focusedNode();
  const next = from === null ? (network.nodes[0]?.id ?? null) : neighbour(from, direction);
  if (next === null) return;
  select(extend ? [...selection, next] : [next]);
  goToNode(next);
}

function arrow(direction: Direction): Handler {
  return (event) => {
    if (!isOnCanvas(event)) return;
    event.preventDefault();
    if (useWiring.getState().targets) {
      chooseTarget(direction === 'right' || direction === 'down' ? 1 : -1);
    } else if (event.altKey) {
      const step = event.shiftKey ? 40 : 8;
      nudgeSelection(
        direction === 'left' ? -step : direction === 'right' ? step : 0,
        direction === 'up' ? -step : direction === 'down' ? step : 0,
      );
    } else goTo(direction, event.shiftKey);
  };
}

function beginWire(): void {
  const id = focusedNode();
  if (id === null || startKeyboardWire(id)) return;
  const t = messages('canvas', useUi.getState().language);
  notify(t.wiringNowhere);
  announce(t.wiringNowhere);
}

/** Enter wires the chosen target, or takes the keyboard from a node to its form. */
function accept(): void {
  const { start, targets, chosen } = useWiring.getState();
  const target = targets?.[chosen];
  if (start && target) {
    const edge = edgeBetween(start, target);
    endWire();
    if (edge && connectNodes(edge)) focusNode(edge.to);
    return;
  }
  const id = focusedNode();
  if (id === null) return;
  select([id]);
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('[data-panel-name="inspector"] :is(input, button, [tabindex="0"])')?.focus(),
  );
}

function escape(): void {
  if (useWiring.getState().start) endWire();
  else if (useUi.getState().openProblem !== null) openProblemCard(null);
  else if (useUi.getState().isCanvasAlone) toggleCanvasAlone();
  else select([]);
}

/** Escape leaves a form for its node, as Enter came from there; on the canvas it takes back what was begun. */
function leave(event: KeyboardEvent): void {
  const [only] = useProject.getState().selection;
  const isInForm = event.target instanceof Element && event.target.closest('[data-panel-name="inspector"]') !== null;
  if (!isInForm || only === undefined) onCanvas(escape)(event);
  else {
    event.preventDefault();
    focusNode(only);
  }
}

function bindings(): Record<string, Handler> {
  const map: Record<string, Handler> = {
    '$mod+KeyZ': anywhere(undo),
    '$mod+Shift+KeyZ': anywhere(redo),
    '$mod+KeyY': anywhere(redo),
    '$mod+KeyK': always(() => openDialog('commands')),
    '$mod+Enter': always(trainOrStop),
    '$mod+KeyD': anywhere(duplicateSelection),
    '$mod+KeyA': onCanvas(selectAll),
    '$mod+KeyB': always(() => togglePanel('palette')),
    '$mod+KeyI': always(() => togglePanel('inspector')),
    '$mod+KeyJ': always(() => togglePanel('dock')),
    '$mod+Equal': anywhere(zoomIn),
    '$mod+Minus': anywhere(zoomOut),
    Delete: onCanvas(() => deleteSelection(true)),
    Backspace: onCanvas(() => deleteSelection(true)),
    'Shift+Delete': onCanvas(() => deleteSelection(false)),
    'Shift+Backspace': onCanvas(() => deleteSelection(false)),
    '/': anywhere(() => {
      const search = document.querySelector<HTMLInputElement>('[data-palette-search]');
      if (search) search.focus();
      else openDialog('commands');
    }),
    l: onCanvas(tidyNetwork),
    m: onCanvas(toggleCanvasAlone),
    w: onCanvas(beginWire),
    0: onCanvas(fitNetwork),
    Enter: onCanvas(accept),
    Escape: leave,
  };
  dockTabs.forEach((tab, index) => {
    map[`$mod+${index + 1}`] = always(() => showDockTab(tab));
  });
  for (const direction of ['left', 'right', 'up', 'down'] as const) {
    const key = `Arrow${direction.charAt(0).toUpperCase()}${direction.slice(1)}`;
    for (const modifier of ['', 'Shift+', 'Alt+', 'Alt+Shift+']) map[`${modifier}${key}`] = arrow(direction);
  }
  return map;
}

/** Layer hotkeys are read by character, so that + and & work on every keyboard layout. */
function layerKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !isOnCanvas(event)) return;
  const definition = layers.find(({ hotkey }) => hotkey !== undefined && hotkey === event.key.toLowerCase());
  if (!definition) return;
  event.preventDefault();
  insertLayer(definition.kind);
  const [added] = useProject.getState().selection;
  if (added !== undefined) goToNode(added);
}

function onCopy(event: ClipboardEvent, take: () => string | null): void {
  if (isElsewhere(event) || (getSelection()?.toString() ?? '') !== '') return;
  const source = take();
  if (source === null) return;
  event.preventDefault();
  event.clipboardData?.setData('text/plain', source);
}

/** Binds the keyboard of the window. Gives back what ends it. */
export function bindKeys(): () => void {
  const unbind = tinykeys(window, bindings());
  const copy = (event: ClipboardEvent): void => onCopy(event, copySelection);
  const cut = (event: ClipboardEvent): void => onCopy(event, cutSelection);
  const paste = (event: ClipboardEvent): void => {
    if (isElsewhere(event)) return;
    if (pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
  };
  window.addEventListener('keydown', layerKey);
  document.addEventListener('copy', copy);
  document.addEventListener('cut', cut);
  document.addEventListener('paste', paste);
  return () => {
    unbind();
    window.removeEventListener('keydown', layerKey);
    document.removeEventListener('copy', copy);
    document.removeEventListener('cut', cut);
    document.removeEventListener('paste', paste);
  };
}
