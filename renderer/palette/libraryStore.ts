import { useEffect } from 'react';
import { create } from 'zustand';
import type { KeptBlock } from '../../shared/schema/document';
import { currentHost, useHost } from '../store';
import { notifyDiagnostics } from '../ui/notify';

/** The user's own blocks, as the host keeps them. */
export const useLibrary = create<{ readonly blocks: readonly KeptBlock[] }>(() => ({ blocks: [] }));

/** Asks the host for the user's own blocks. */
async function readLibrary(): Promise<void> {
  const answer = await currentHost()?.request('library.list', {});
  if (answer?.ok === true) useLibrary.setState({ blocks: answer.value });
}

/** Keeps a block in the library. True when it is kept. */
export async function keepInLibrary(block: KeptBlock): Promise<boolean> {
  const answer = await currentHost()?.request('library.keep', block);
  if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
  await readLibrary();
  return answer?.ok === true;
}

/** Takes a block from the library; networks that have it keep it. */
export async function forgetFromLibrary(name: string): Promise<void> {
  const answer = await currentHost()?.request('library.forget', { name });
  if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
  await readLibrary();
}

/** The user's own blocks; asked for when the host is there, and again when it is back. */
export function useLibraryBlocks(): readonly KeptBlock[] {
  const isReady = useHost((state) => state.status === 'ready');
  useEffect(() => {
    if (isReady) void readLibrary();
  }, [isReady]);
  return useLibrary((state) => state.blocks);
}
