import type { HostApi } from '../../shared/host/api';

/** How a session reaches the host: it may not be there yet, go away, and come back. */
export type HostLink = {
  /** The host; null before it first answers. A lost one is still given: its requests fail with the reason. */
  readonly current: () => HostApi | null;
  /** True while requests reach the host. */
  readonly isReady: () => boolean;
  /** Calls back now if the host is there, and each time that it comes (back). Gives back what ends it. */
  readonly onReady: (listener: (host: HostApi) => void) => () => void;
};
