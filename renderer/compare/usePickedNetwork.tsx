import type { ReactNode } from 'react';
import { useState } from 'react';
import type { NetworkDocument } from '../../shared/schema/document';
import { FileBrowser } from '../dialogs/FileBrowser';
import { currentHost, useHost } from '../store';
import { notifyDiagnostics } from '../ui';

/** A network out of a file, and what to call it. */
export type PickedNetwork = { readonly name: string; readonly document: NetworkDocument };

/** The last part of a path, without its ending. */
function baseName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.(convloom(\.json)?|json|onnx|h5|keras|tflite)$/, '');
}

/**
 * Asks for a file of any form that can be read and gives its network, which is not opened: it is only looked at. `browser` belongs into the
 * page, for hosts without dialogs of their own.
 */
export function usePickedNetwork(onPick: (network: PickedNetwork) => void): {
  readonly browse: () => void;
  readonly browser: ReactNode;
} {
  const [isBrowsing, setBrowsing] = useState(false);
  const read = async (path: string): Promise<void> => {
    setBrowsing(false);
    const answer = await currentHost()?.request('import.read', { path });
    if (answer === undefined) return;
    if (!answer.ok) {
      notifyDiagnostics(answer.diagnostics);
      return;
    }
    const { document } = answer.value;
    onPick({ name: document.name === '' ? baseName(path) : document.name, document });
  };
  const browse = (): void => {
    if (useHost.getState().info?.nativeDialogs !== true) {
      setBrowsing(true);
      return;
    }
    void currentHost()
      ?.request('files.pickOpen', { any: true })
      .then((answer) => {
        if (answer.ok && answer.value !== null) void read(answer.value.path);
      });
  };
  const browser = (
    <FileBrowser
      isOpen={isBrowsing}
      mode="import"
      onClose={() => setBrowsing(false)}
      onPick={(path) => void read(path)}
    />
  );
  return { browse, browser };
}
