import { useText } from '../i18n';
import { Button } from '../ui';
import styles from './camera.module.css';
import type { CameraFault, CameraState } from './useCamera';

type CameraViewProps = {
  readonly state: CameraState;
  readonly attach: (element: HTMLVideoElement | null) => void;
  readonly onRetry: () => void;
};

/** What the camera sees, its middle square; or why it shows nothing, and the way on. */
export function CameraView({ state, attach, onRetry }: CameraViewProps) {
  const { t } = useText('camera');
  return (
    <div className={styles['view']} data-state={state.status}>
      <video ref={attach} muted playsInline aria-label={t.seen} />
      {state.status === 'on' || state.status === 'off' ? null : (
        <div className={styles['notice']}>
          {state.status !== 'failed' ? (
            <p role="status">{t.starting}</p>
          ) : (
            <>
              <CameraFaultText fault={state.fault} />
              <Button size="sm" onClick={onRetry}>
                {t.retry}
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** Why there is no picture from the camera, and what helps. */
export function CameraFaultText({ fault }: { readonly fault: CameraFault }) {
  const { t } = useText('camera');
  const words = { unsupported: t.unsupported, none: t.none, denied: t.denied, busy: t.busy, lost: t.lost };
  return <p role="alert">{words[fault]}</p>;
}
