import type { LucideIcon } from 'lucide-react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import type { RunState } from '../../shared/training/runState';
import type { MessageKey } from '../i18n';
import { messages } from '../i18n';
import type { OpenLevel, ProjectState, Session, Workspace } from '../session';
import { useHost } from '../store/host';
import type { UiState } from '../store/ui';
import { useUi } from '../store/ui';

/** What an action acts on: the window's networks, and the one that it was asked of. */
export type ActionContext = { readonly workspace: Workspace; readonly session: Session };

/** What decides whether an action applies, and what it is called now. Plain data, so that the rules can be tried without a window. */
export type ActionState = {
  readonly project: ProjectState;
  /** What of the network is on the canvas. */
  readonly level: Pick<OpenLevel, 'block' | 'path'>;
  readonly run: RunState;
  readonly ui: UiState;
  readonly hasHost: boolean;
  readonly hasSelectedWires: boolean;
  /** Ids of the selected frames, which are not in the project's selection. */
  readonly selectedFrames: ReadonlySet<string>;
  /** What stands between the network and a good run, as `trainingProblems` says. */
  readonly training: readonly Diagnostic[];
};

/**
 * Where the keys of an action are heard: on the canvas (or with the focus nowhere), anywhere but in text fields, menus and dialogs, or
 * anywhere at all. 'form' is the canvas and the form that Enter leads to; 'network' is the canvas without its buttons, and Tab is heard
 * there only while the canvas has the focus.
 */
export type KeyScope = 'canvas' | 'network' | 'form' | 'page' | 'always';

export type ActionGroup = 'file' | 'edit' | 'insert' | 'move' | 'run' | 'view' | 'learn' | 'help';

/** One thing that the user can do. Menus, toolbars, the palette, the keyboard and the help sheet all read it here. */
export type Action = {
  readonly id: string;
  readonly label: Text;
  readonly group: ActionGroup;
  readonly icon?: LucideIcon;
  /** As for the Kbd primitive; the first is the one that is shown. */
  readonly shortcuts?: readonly string[];
  readonly scope?: KeyScope;
  /** The browser turns these keys into clipboard events, which are what the page acts on. */
  readonly isClipboard?: boolean;
  /** A sentence more than the label. */
  readonly help?: Text;
  /** Further words that find it in the palette. */
  readonly keywords?: readonly string[];
  /** Takes something away: the palette offers it behind everything else that bears the typed words. */
  readonly isDestructive?: boolean;
  /** Left out of the palette: a motion of the keyboard rather than a command. */
  readonly isMotion?: boolean;
  readonly applies: (state: ActionState) => boolean;
  /** What it is called as things stand; the label where this is left out. */
  readonly title?: (state: ActionState) => Text;
  readonly perform: (context: ActionContext) => void;
};

/** A message in both languages, as actions carry it. */
export function both<R extends Parameters<typeof messages>[0]>(room: R, key: MessageKey<R>): Text {
  return text(messages(room, 'en')[key], messages(room, 'zh')[key]);
}

/** A message in both languages with texts filled in. */
export function filled<R extends Parameters<typeof messages>[0]>(
  room: R,
  key: MessageKey<R>,
  name: string,
  value: Text,
): Text {
  const { en, zh } = both(room, key);
  return text(
    en.replace(`{${name}}`, () => value.en),
    zh.replace(`{${name}}`, () => value.zh),
  );
}

export const always = (): boolean => true;
export const hasNodes = ({ project }: ActionState): boolean => project.document.nodes.length > 0;
export const hasFrames = ({ selectedFrames }: ActionState): boolean => selectedFrames.size > 0;
export const hasSelection = ({ project }: ActionState): boolean => project.selection.size > 0;

/** Whether the window's host answers. */
export function hasHost(): boolean {
  return useHost.getState().status === 'ready';
}

/** The window's part of the state, for code outside React. */
export function windowState(): Pick<ActionState, 'ui' | 'hasHost'> {
  return { ui: useUi.getState(), hasHost: hasHost() };
}
