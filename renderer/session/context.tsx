import type { ReactNode } from 'react';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { RunState } from '../../shared/training/runState';
import type { RunMetrics } from './metrics';
import type { ProjectState } from './project';
import type { Session } from './session';
import type { ViewState } from './view';
import type { Workspace, WorkspaceState } from './workspace';

const WorkspaceContext = createContext<Workspace | null>(null);
const SessionContext = createContext<Session | null>(null);

type WorkspaceProviderProps = { readonly workspace: Workspace; readonly children: ReactNode };

/** Gives the window's workspace to what is inside. */
export function WorkspaceProvider({ workspace, children }: WorkspaceProviderProps) {
  return <WorkspaceContext.Provider value={workspace}>{children}</WorkspaceContext.Provider>;
}

type SessionProviderProps = { readonly session: Session; readonly children: ReactNode };

/** Says which network the components inside are about. */
export function SessionProvider({ session, children }: SessionProviderProps) {
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

/** The window's workspace. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === null) throw new Error('There is no WorkspaceProvider around this component.');
  return workspace;
}

/** A value of the workspace's state. */
export function useWorkspaceState<T>(selector: (state: WorkspaceState) => T): T {
  return useStore(useWorkspace().store, selector);
}

/** The session that this component is about. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('There is no SessionProvider around this component.');
  return session;
}

/** A value of the session's network: its document, analysis, history, selection or file. */
export function useProject<T>(selector: (state: ProjectState) => T): T {
  return useStore(useSession().project.store, selector);
}

/** The run that the session shows, or a value of it. */
export function useRun(): RunState;
export function useRun<T>(selector: (state: RunState) => T): T;
export function useRun(selector: (state: RunState) => unknown = (state) => state): unknown {
  return useStore(useSession().run.store, selector);
}

/** A value of what the session shows: the open problem, the viewport. */
export function useView<T>(selector: (state: ViewState) => T): T {
  return useStore(useSession().view.store, selector);
}

/** Renders again when the metrics of the session's run have grown, at most once a frame, and gives them. */
export function useMetrics(): RunMetrics {
  const { run } = useSession();
  useSyncExternalStore(run.onMetrics, run.metricsVersion);
  return run.metrics();
}
