export type { HostState } from './host';
export { currentHost, hostLink, readyHost, useHost, useReadyHost } from './host';
export type { DialogName, DockTab, PanelName, UiState } from './ui';
export {
  chooseAutosave,
  chooseLanguage,
  chooseTheme,
  dockTabs,
  openDialog,
  remember,
  setPanelHidden,
  showDockTab,
  toggleCanvasAlone,
  togglePanel,
  useUi,
} from './ui';
