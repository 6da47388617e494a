import type { HostApi } from '../../shared/host/api';
import { bridgeChannel } from '../../shared/host/bridge';
import { connectHost } from '../../shared/host/rpc';
import { connectOverWebSocket } from '../../shared/host/websocket';
import { useHost } from './host';
import { adoptSettings, persistWith } from './ui';

/** Beside the page: the local server knows it by its cookie, which goes to the page's own folder and nowhere else. */
function openSocket(): WebSocket {
  const address = new URL('host', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A first answer that takes longer than this is said to be missing; the channel goes on trying all the same. */
const patienceMs = 4000;

async function openHost(): Promise<HostApi> {
  if (window.convloom) return connectHost(bridgeChannel(window.convloom));
  return connectOverWebSocket({ open: openSocket, delay });
}

/** Connects the window to its host: Electron's preload where there is one, the local server otherwise. */
export async function connect(): Promise<void> {
  const timer = setTimeout(() => {
    if (useHost.getState().status === 'connecting') {
      useHost.setState({ status: 'unreachable', host: null, info: null, diagnostics: [] }, true);
    }
  }, patienceMs);
  const host = await openHost();
  const [info, settings] = await Promise.all([host.request('host.info', {}), host.request('settings.get', {})]);
  clearTimeout(timer);
  if (!info.ok) {
    useHost.setState({ status: 'unreachable', host: null, info: null, diagnostics: info.diagnostics }, true);
    return;
  }
  if (settings.ok) adoptSettings(settings.value);
  persistWith((change) => void host.request('settings.set', change));
  useHost.setState({ status: 'ready', host, info: info.value }, true);
  host.onLost((lost) => {
    useHost.setState({ status: lost ? 'lost' : 'ready', host, info: info.value }, true);
  });
}
