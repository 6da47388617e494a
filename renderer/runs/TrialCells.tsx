import type { Text } from '../../shared/text';
import type { SweepTrial } from '../../shared/training/sweep';
import { useText } from '../i18n';
import { useSession } from '../session';
import styles from './RunsPanel.module.css';

/** What a trial is called; it opens the run, once there is one. */
export function TrialName({ runId, name }: { readonly runId: string | null; readonly name: string }) {
  const session = useSession();
  if (runId === null) return name;
  return (
    <button type="button" className={styles['name']} onClick={() => void session.run.show(runId)}>
      {name}
    </button>
  );
}

/** The cell of how far a trial is, and of what ended it. */
export function TrialState({ state, why }: { readonly state: SweepTrial['state']; readonly why: Text | null }) {
  const { t, pick } = useText('runs');
  return (
    <td title={why === null ? undefined : pick(why)} className={styles['reason']}>
      {t[`trial_${state}`]}
      {why === null ? null : <span className={styles['muted']}> {pick(why)}</span>}
    </td>
  );
}
