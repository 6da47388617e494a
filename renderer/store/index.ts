export type { Capture, History } from './history';
export { redoLabel, undoLabel } from './history';
export type { HostState } from './host';
export { currentHost, useHost } from './host';
export type { RunMetrics } from './metrics';
export { problemKey } from './problemKey';
export type { ProjectFile, ProjectState } from './project';
export {
  applyFix,
  beginGesture,
  cancelGesture,
  commitGesture,
  diagnosticsOf,
  edit,
  isDirty,
  markSaved,
  openDocument,
  preview,
  redo,
  restoreDraft,
  select,
  undo,
  useProject,
} from './project';
export { clearRun, currentMetrics, followRuns, onMetrics, showRun, startRun, stopRun, useMetrics, useRun } from './run';
export type { DialogName, DockTab, PanelName, UiState } from './ui';
export {
  chooseLanguage,
  chooseTheme,
  dockTabs,
  openDialog,
  openProblemCard,
  remember,
  setPanelHidden,
  showDockTab,
  showProblemCard,
  toggleCanvasAlone,
  togglePanel,
  useUi,
} from './ui';
