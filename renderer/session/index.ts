export {
  SessionProvider,
  useMetrics,
  useProject,
  useRun,
  useSession,
  useView,
  useWorkspace,
  useWorkspaceState,
  WorkspaceProvider,
} from './context';
export type { Capture, History } from './history';
export { historyStates, redoLabel, undoLabel } from './history';
export type { HostLink } from './hostLink';
export type { RunMetrics } from './metrics';
export { neighbourOf } from './openTabs';
export type { KeptTabs } from './keptTabs';
export { keptTabsOf, readKeptTabs, reopenTabs } from './keptTabs';
export { ChosenProvider, FocusProvider } from './FocusProvider';
export type { OpenLevel } from './inside';
export {
  canvasOf,
  chooseFrame,
  focusOf,
  frameBlock,
  framedIn,
  goTo,
  levelOf,
  levelsOf,
  onFrames,
  rootOf,
  useChosen,
  useFocus,
  useLevel,
  useLevels,
} from './inside';
export { createLeanStore } from './leanStore';
export { sessionPart } from './parts';
export { problemKey } from './problemKey';
export type { Project, ProjectFile, ProjectState } from './project';
export { diagnosticsOf, isDirty } from './project';
export type { RunExtras, RunView } from './run';
export { runEnded } from './run';
export type { Session, SessionServices, SessionStart } from './session';
export { createSession, isPristine, shownRunOf } from './session';
export type { Workspace } from './workspace';
export { createWorkspace } from './workspace';
