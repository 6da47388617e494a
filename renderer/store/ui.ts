import { create } from 'zustand';
import type { Settings } from '../../shared/host/api';
import type { Language } from '../../shared/text';
import { resolveLanguage } from '../i18n/language';

/** Tabs of the dock, in order. */
export const dockTabs = [
  'problems',
  'data',
  'training',
  'runs',
  'results',
  'inside',
  'code',
  'compare',
  'rules',
  'imports',
] as const;
export type DockTab = (typeof dockTabs)[number];

/** Panels that can be put away. */
const panelNames = ['palette', 'inspector', 'dock', 'course'] as const;
export type PanelName = (typeof panelNames)[number];

/** Put away until they are asked for. */
const hiddenAtFirst: ReadonlySet<PanelName> = new Set(['course']);

/** The one dialog that is open. */
export type DialogName = 'templates' | 'commands' | 'drafts' | 'shortcuts' | 'history' | 'settings';

export type UiState = {
  readonly language: Language;
  readonly languageChoice: Settings['language'];
  readonly theme: 'light' | 'dark';
  readonly themeChoice: Settings['theme'];
  readonly isAutosaving: boolean;
  readonly dockTab: DockTab;
  readonly hiddenPanels: ReadonlySet<PanelName>;
  /** The canvas takes the whole window. */
  readonly isCanvasAlone: boolean;
  readonly dialog: DialogName | null;
  /** Sizes and choices of panels, kept in the settings: what {@link remember} wrote. */
  readonly layout: Settings['layout'];
};

const systemDark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;
/** The page knows its user's language in both forms; a server started from a terminal may not. */
const systemLanguage = typeof navigator === 'object' ? navigator.language : 'en';

function resolveTheme(choice: Settings['theme']): 'light' | 'dark' {
  return choice === 'system' ? (systemDark?.matches ? 'dark' : 'light') : choice;
}

/** What the window shows, apart from the network. */
export const useUi = create<UiState>(() => ({
  language: resolveLanguage('system', systemLanguage),
  languageChoice: 'system',
  theme: resolveTheme('system'),
  themeChoice: 'system',
  isAutosaving: false,
  dockTab: 'problems',
  hiddenPanels: hiddenAtFirst,
  isCanvasAlone: false,
  dialog: null,
  layout: {},
}));

systemDark?.addEventListener('change', () => useUi.setState((state) => ({ theme: resolveTheme(state.themeChoice) })));

/** Called with what {@link remember} and the choices change; the host store writes it to the settings. */
let persist: (settings: Partial<Settings>) => void = () => undefined;

/** Connects the choices to where they are kept. */
export function persistWith(write: (settings: Partial<Settings>) => void): void {
  persist = write;
}

/** Takes over settings as the host keeps them, at start. */
export function adoptSettings(settings: Settings): void {
  const hidden = panelNames.filter((name) => (settings.layout[`hidden.${name}`] ?? hiddenAtFirst.has(name)) === true);
  const tab = dockTabs.find((name) => name === settings.layout['dockTab']);
  useUi.setState((state) => ({
    languageChoice: settings.language,
    language: resolveLanguage(settings.language, systemLanguage),
    themeChoice: settings.theme,
    theme: resolveTheme(settings.theme),
    isAutosaving: settings.autosave,
    layout: settings.layout,
    hiddenPanels: new Set(hidden),
    dockTab: tab ?? state.dockTab,
  }));
}

export function chooseLanguage(choice: Settings['language']): void {
  useUi.setState({ languageChoice: choice, language: resolveLanguage(choice, systemLanguage) });
  persist({ language: choice });
}

export function chooseTheme(choice: Settings['theme']): void {
  useUi.setState({ themeChoice: choice, theme: resolveTheme(choice) });
  persist({ theme: choice });
}

export function chooseAutosave(isAutosaving: boolean): void {
  useUi.setState({ isAutosaving });
  persist({ autosave: isAutosaving });
}

/** Keeps a small choice of a panel over restarts. */
export function remember(key: string, value: number | string | boolean): void {
  const { layout } = useUi.getState();
  if (layout[key] === value) return;
  useUi.setState({ layout: { ...layout, [key]: value } });
  // What another window has chosen meanwhile stays.
  persist({ layout: { [key]: value } });
}

/** Shows a tab of the dock, and the dock with it. */
export function showDockTab(tab: DockTab): void {
  useUi.setState({ dockTab: tab, isCanvasAlone: false });
  setPanelHidden('dock', false);
  remember('dockTab', tab);
}

export function setPanelHidden(panel: PanelName, isHidden: boolean): void {
  useUi.setState((state) => {
    if (state.hiddenPanels.has(panel) === isHidden) return state;
    const hiddenPanels = new Set(state.hiddenPanels);
    if (isHidden) hiddenPanels.add(panel);
    else hiddenPanels.delete(panel);
    return { hiddenPanels };
  });
  remember(`hidden.${panel}`, isHidden);
}

export function togglePanel(panel: PanelName): void {
  setPanelHidden(panel, !useUi.getState().hiddenPanels.has(panel));
}

export function toggleCanvasAlone(): void {
  useUi.setState((state) => ({ isCanvasAlone: !state.isCanvasAlone }));
}

export function openDialog(dialog: DialogName | null): void {
  useUi.setState({ dialog });
}
