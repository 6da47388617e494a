import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { HostRequests } from '../../shared/host/api';
import type { Workspace } from '../session';
import { useWorkspaceState } from '../session';
import { currentHost } from '../store';
import { useRequest } from '../store/useRequest';
import { openPath, setPrompt } from './fileActions';

/** A file that was opened or saved lately. */
export type RecentFile = HostRequests['project.recent'][1][number];

/** Counts what was taken off the list, so that whoever shows it asks again. */
const useForgotten = create<{ readonly count: number }>(() => ({ count: 0 }));

/** Takes a file off the list of recent ones; the file itself, if there is one, stays. */
export async function forgetRecent(path: string): Promise<void> {
  await currentHost()?.request('project.forget', { path });
  useForgotten.setState(({ count }) => ({ count: count + 1 }));
}

/** Opens a recent file; of one that is not there any more it is asked whether it should stay on the list. */
export function openRecent(workspace: Workspace, { path, isMissing }: RecentFile): void {
  if (isMissing) setPrompt({ kind: 'missing', path });
  else void openPath(workspace, path);
}

/** The recent files, newest first; asked for again when networks were opened or closed, and on `reload`. */
export function useRecentFiles(): { readonly files: readonly RecentFile[]; readonly reload: () => void } {
  const { value, reload } = useRequest('project.recent', {});
  const forgotten = useForgotten((state) => state.count);
  const sessions = useWorkspaceState((state) => state.sessions);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) reload();
    isFirst.current = false;
  }, [forgotten, sessions, reload]);
  return { files: value ?? [], reload };
}
