import { useState } from 'react';
import { useText } from '../i18n';
import { useHost } from '../store';
import type { TextInputProps } from '../ui';
import { Button, TextInput } from '../ui';
import { FileBrowser } from './FileBrowser';
import styles from './FolderInput.module.css';

type FolderInputProps = TextInputProps & { readonly onPick: (path: string) => void };

/** A path that is typed, or picked: in the system's dialog where the host has one, else in ours. */
export function FolderInput({ onPick, ...input }: FolderInputProps) {
  const { t } = useText('dialogs');
  const [isBrowsing, setBrowsing] = useState(false);
  const browse = async (): Promise<void> => {
    const { host, info } = useHost.getState();
    if (info?.nativeDialogs !== true) {
      setBrowsing(true);
      return;
    }
    const answer = await host?.request('files.pickFolder', {});
    if (answer?.ok === true && answer.value !== null) onPick(answer.value.path);
  };
  return (
    <div className={styles['folder']}>
      <TextInput {...input} />
      <Button size={input.size ?? 'md'} disabled={input.disabled} onClick={() => void browse()}>
        {t.browse}
      </Button>
      <FileBrowser
        isOpen={isBrowsing}
        mode="folder"
        onClose={() => setBrowsing(false)}
        onPick={(path) => {
          setBrowsing(false);
          onPick(path);
        }}
      />
    </div>
  );
}
