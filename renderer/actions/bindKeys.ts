import { tinykeys } from 'tinykeys';
import { copySelection, cutSelection, pasteText } from '../canvas/clipboard';
import type { Session, Workspace } from '../session';
import { focusOf } from '../session';
import type { Action, KeyScope } from './action';
import { actions } from './index';
import { actionState } from './state';

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
function isOnCanvas(event: Event): boolean {
  const { target } = event;
  return (
    !isElsewhere(event) &&
    (target === document.body || (target instanceof Element && target.closest('.react-flow') !== null))
  );
}

/** Where a key may mean the network: not on a button, which Space presses; and Tab with the focus nowhere leads into the page. */
function isOnNetwork(event: KeyboardEvent): boolean {
  const { target, key } = event;
  const isNowhere = target === document.body;
  return (
    isOnCanvas(event) && !(isNowhere && key === 'Tab') && !(target instanceof Element && target.closest('button, a'))
  );
}

function isInForm(event: Event): boolean {
  return event.target instanceof Element && event.target.closest('[data-panel-name="inspector"]') !== null;
}

function isHeard(scope: KeyScope, event: KeyboardEvent): boolean {
  switch (scope) {
    case 'always':
      return true;
    case 'page':
      return !isElsewhere(event);
    case 'canvas':
      return isOnCanvas(event);
    case 'network':
      return isOnNetwork(event);
    case 'form':
      return isOnCanvas(event) || isInForm(event);
  }
}

/** True for a combination that is one typed character: it is read as such, so that + and & work on every keyboard layout. */
export function isCharacter(keys: string): boolean {
  return keys.length === 1;
}

/** A combination in the words of tinykeys; letters by their place, as a Cyrillic or Chinese layout has them there too. */
export function toKeybinding(keys: string): string {
  const parts = keys.split('+');
  const last = keys.endsWith('++') ? '+' : (parts.pop() ?? '');
  const named: Readonly<Record<string, string>> = { '=': 'Equal', '-': 'Minus', '\\': 'Backslash' };
  // With Alt, a Mac types other characters on the digits.
  const digit = parts.includes('Alt') && /^[0-9]$/.test(last) ? `Digit${last}` : last;
  const key = named[last] ?? (/^[A-Z]$/.test(last) ? `Key${last}` : digit);
  return [...parts.map((part) => (part === 'Mod' ? '$mod' : part)), key].join('+');
}

/** Does an action for a key event where its keys are heard; the browser then does nothing of its own with them. */
function perform(workspace: Workspace, action: Action, event: KeyboardEvent): void {
  if (event.isComposing || !isHeard(action.scope ?? 'page', event)) return;
  event.preventDefault();
  const session = workspace.active();
  if (action.applies(actionState(session))) action.perform({ workspace, session });
}

function bindings(workspace: Workspace): Record<string, (event: KeyboardEvent) => void> {
  const map: Record<string, (event: KeyboardEvent) => void> = {};
  for (const action of actions) {
    if (action.isClipboard === true) continue;
    for (const keys of action.shortcuts ?? []) {
      if (!isCharacter(keys)) map[toKeybinding(keys)] = (event) => perform(workspace, action, event);
    }
  }
  return map;
}

function byCharacter(): ReadonlyMap<string, Action> {
  const map = new Map<string, Action>();
  for (const action of actions) {
    for (const keys of action.shortcuts ?? []) if (isCharacter(keys)) map.set(keys.toLowerCase(), action);
  }
  return map;
}

function onCopy(session: Session, event: ClipboardEvent, take: (session: Session) => string | null): void {
  if (isElsewhere(event) || (getSelection()?.toString() ?? '') !== '') return;
  const source = take(session);
  if (source === null) return;
  event.preventDefault();
  event.clipboardData?.setData('text/plain', source);
}

/** Binds the keyboard of the window to the actions, on whichever network is active. Gives back what ends it. */
export function bindKeys(workspace: Workspace): () => void {
  const characters = byCharacter();
  const unbind = tinykeys(window, bindings(workspace));
  const typed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    // A letter with Shift may have been a combination of its own; else it is the letter, as with Caps Lock.
    if (event.defaultPrevented) return;
    const action = characters.get(event.key.toLowerCase());
    if (action) perform(workspace, action, event);
  };
  const copy = (event: ClipboardEvent): void => onCopy(focusOf(workspace.active()), event, copySelection);
  const cut = (event: ClipboardEvent): void => onCopy(focusOf(workspace.active()), event, cutSelection);
  const paste = (event: ClipboardEvent): void => {
    if (isElsewhere(event)) return;
    const source = event.clipboardData?.getData('text/plain') ?? '';
    if (pasteText(focusOf(workspace.active()), source)) event.preventDefault();
  };
  window.addEventListener('keydown', typed);
  document.addEventListener('copy', copy);
  document.addEventListener('cut', cut);
  document.addEventListener('paste', paste);
  return () => {
    unbind();
    window.removeEventListener('keydown', typed);
    document.removeEventListener('copy', copy);
    document.removeEventListener('cut', cut);
    document.removeEventListener('paste', paste);
  };
}
