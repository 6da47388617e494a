import { useEffect, useRef } from 'react';
import { useText } from '../i18n';
import { useHost } from '../store';
import { Button } from '../ui/Button';
import { notify } from '../ui/notify';
import styles from './ConnectionBanner.module.css';

/** Says that the host is gone or does not answer; calmly, since nothing in the window is lost by it. */
export function ConnectionBanner() {
  const { t } = useText('app');
  const status = useHost((state) => state.status);
  const before = useRef(status);
  useEffect(() => {
    if (before.current === 'lost' && status === 'ready') notify(t.connectionBack, 'success');
    before.current = status;
  }, [status, t]);
  if (status === 'ready' || status === 'connecting') return null;
  return (
    <div role="status" className={styles['banner']}>
      {status === 'lost' ? (
        t.connectionLost
      ) : (
        <>
          <strong>{t.cannotConnect}</strong> {t.cannotConnectHint}
          <Button size="sm" onClick={() => location.reload()}>
            {t.retry}
          </Button>
        </>
      )}
    </div>
  );
}
