import { useState } from 'react';
import { useText } from '../i18n';
import { Button, Dialog, TextInput } from '../ui';
import styles from './FarFolderPrompt.module.css';

/** Asks where on another machine the run is that is to be followed. */
export function FarFolderPrompt({
  onClose,
  onPick,
}: {
  readonly onClose: () => void;
  readonly onPick: (place: string) => void;
}) {
  const { t } = useText('dialogs');
  const [place, setPlace] = useState('');
  const isPlace = /^[^/\\]{2,}:./.test(place.trim());
  return (
    <Dialog isOpen onClose={onClose} width="sm" title={t.farTitle} description={t.farHint}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (isPlace) onPick(place.trim());
        }}
      >
        <TextInput
          aria-label={t.farPlace}
          placeholder="user@host:path/to/run"
          value={place}
          autoFocus
          spellCheck={false}
          onChange={(event) => setPlace(event.target.value)}
        />
        <div className={styles['foot']}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" variant="primary" disabled={!isPlace}>
            {t.farFollow}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
