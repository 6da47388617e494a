import { connectHost } from '../../../shared/host/rpc';
import type { HostApi } from '../../../shared/host/api';
import type { ElectronApp } from './launch';

/** The test as the page: the HostApi over the bridge that the real preload exposed. */
export async function connectAsPage(app: ElectronApp): Promise<HostApi> {
  await app.call('pageListen', {});
  return connectHost({
    send: (message) => void app.call('pageSend', { message }),
    onMessage: (listener) => app.onPageMessage(listener),
    onClose: () => undefined,
    close: () => undefined,
  });
}
