import { create } from 'zustand';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { HostApi, HostInfo } from '../../shared/host/api';
import type { HostBridge } from '../../shared/host/bridge';
import type { HostLink } from '../session/hostLink';

declare global {
  // Declaration merging is the only way to type a global, and it wants an interface.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    /** Put there by the preload script in the desktop form; absent in a browser. */
    readonly convloom?: HostBridge;
  }
}

/** How the window stands with the host. A lost host is tried again by its channel; nothing in the window is thrown away. */
export type HostState =
  | { readonly status: 'connecting'; readonly host: null; readonly info: null }
  | { readonly status: 'ready' | 'lost'; readonly host: HostApi; readonly info: HostInfo }
  | {
      readonly status: 'unreachable';
      readonly host: null;
      readonly info: null;
      readonly diagnostics: readonly Diagnostic[];
    };

/** The machine behind the window. */
export const useHost = create<HostState>(() => ({ status: 'connecting', host: null, info: null }));

/** The host, as soon as it answers and for as long as it does; null meanwhile. */
export function useReadyHost(): HostApi | null {
  return useHost((state) => (state.status === 'ready' ? state.host : null));
}

/** The window's host as sessions know it. */
export const hostLink: HostLink = {
  current: currentHost,
  isReady: () => useHost.getState().status === 'ready',
  onReady: (listener) => {
    const now = useHost.getState();
    if (now.status === 'ready') listener(now.host);
    return useHost.subscribe((state, previous) => {
      if (state.status === 'ready' && previous.status !== 'ready') listener(state.host);
    });
  },
};

/** The host, for code outside React; null before it answers. */
export function currentHost(): HostApi | null {
  return useHost.getState().host;
}

/** The host once it has answered, for what is given to the window before: a file that is dropped at once waits and is not lost. */
export async function readyHost(): Promise<HostApi> {
  const { status, host } = useHost.getState();
  if (status === 'ready') return host;
  return await new Promise((resolve) => {
    const end = useHost.subscribe((state) => {
      if (state.status !== 'ready') return;
      end();
      resolve(state.host);
    });
  });
}
