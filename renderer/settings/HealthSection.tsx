import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { HealthCheck } from '../../shared/host/api';
import { fill, useText } from '../i18n';
import { currentHost } from '../store';
import { useRequest } from '../store/useRequest';
import { Button, Failures, notify, notifyDiagnostics } from '../ui';
import { Section } from './Section';
import styles from './SettingsDialog.module.css';

const icons = { fine: CircleCheck, warning: TriangleAlert, fault: CircleAlert } as const;

function Check({ check }: { readonly check: HealthCheck }) {
  const { t, pick } = useText('settings');
  const Icon = icons[check.state];
  const states = { fine: t.stateFine, warning: t.stateWarning, fault: t.stateFault };
  return (
    <li className={styles['check']} data-state={check.state}>
      <Icon size={15} role="img" aria-label={states[check.state]} />
      <span>
        {pick(check.what)}
        {check.mend === null ? null : <span className={styles['mend']}>{pick(check.mend)}</span>}
      </span>
    </li>
  );
}

/** What is wrong on this machine, and the mend. */
export function HealthSection() {
  const { t } = useText('settings');
  const { value, isLoading, diagnostics, reload } = useRequest('host.check', {});
  return (
    <Section title={t.health} hint={t.healthHint}>
      <Failures diagnostics={diagnostics} />
      {value === null && isLoading ? <p className={styles['hint']}>{t.looking}</p> : null}
      <ul className={styles['checks']}>
        {(value ?? []).map((check) => (
          <Check key={check.id} check={check} />
        ))}
      </ul>
      <Button size="sm" onClick={reload}>
        {t.checkAgain}
      </Button>
    </Section>
  );
}

/** The log, for whoever is to mend a fault. */
export function ReportSection() {
  const { t } = useText('settings');
  const save = async (): Promise<void> => {
    const answer = await currentHost()?.request('log.save', {});
    if (answer?.ok === true) notify(fill(t.logSaved, { path: answer.value.path }), 'success');
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
  };
  return (
    <Section title={t.report} hint={t.reportHint}>
      <Button size="sm" onClick={() => void save()}>
        {t.saveLog}
      </Button>
    </Section>
  );
}
