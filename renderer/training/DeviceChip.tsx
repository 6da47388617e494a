import { Popover } from '@base-ui/react/popover';
import { useEffect } from 'react';
import type { EngineReport } from '../../shared/host/api';
import type { Text } from '../../shared/text';
import type { EngineId } from '../../shared/schema/training';
import { deviceText } from '../../shared/training/deviceText';
import { fill, useText } from '../i18n';
import { useRun } from '../session';
import { useHost } from '../store';
import { classes } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from './DeviceChip.module.css';
import { chooseEngine, fasterWithinReach, loadEngines, nextEngine, useEngines } from './engineStore';

/** "TensorFlow 2.21": the label, and the version of the engine itself where it is not said already. */
function nameOf(report: EngineReport): string {
  const version = report.versions?.[report.id] ?? Object.values(report.versions ?? {})[0];
  return version === undefined || report.label.includes(version) ? report.label : `${report.label} ${version}`;
}

/** What fits on the chip: "TensorFlow 2.21, CPU". The rest is in its title and behind it. */
function shortLabel(label: string, device: string | undefined): string {
  const name = label.replace(/(\d+\.\d+)\.\d+/, '$1');
  return device === undefined ? name : `${name}, ${device.split(/[,，(]/)[0]?.trim() ?? device}`;
}

/** Which engine runs, on what; opens the ladder of all engines, why a better one is not used, and what mends that. */
export function DeviceChip() {
  const { t, pick } = useText('training');
  const state = useEngines();
  const isReady = useHost((host) => host.status === 'ready');
  const started = useRun((run) => (run.phase === 'running' || run.phase === 'stopping' ? run.started : null));
  useEffect(() => {
    if (isReady) void loadEngines();
  }, [isReady]);

  const next = nextEngine(state);
  const running = state.reports?.find((report) => report.id === started?.engine);
  const shown = running ?? next;
  // A run that is followed may be of an engine that is none of the app's.
  const foreign = running === undefined && state.reports !== null ? (started?.engine ?? null) : null;
  const known = started?.device ?? next?.device;
  const isUnable = started === null && shown?.available === false;
  const device = isUnable ? t.cannotRun : known === undefined ? undefined : pick(deviceText(known));
  const own = shown === null ? (state.reports === null ? t.lookingForEngines : t.noEngine) : nameOf(shown);
  const name = foreign ?? own;
  const faster = foreign === null ? fasterWithinReach(state) : null;
  const hint = faster === null ? null : fill(t.fasterWithinReach, { name: faster });
  const label = [device === undefined ? name : `${name}, ${device}`, hint].filter((part) => part !== null).join('. ');
  return (
    <Popover.Root>
      <Popover.Trigger
        className={styles['chip']}
        title={label}
        aria-label={`${t.engine}: ${shortLabel(name, device)}. ${label}`}
      >
        <i
          className={classes(
            styles['dot'],
            shown?.available !== true ? styles['none'] : hint === null ? styles['best'] : styles['good'],
          )}
          aria-hidden="true"
        />
        <span className={styles['chipText']}>{shortLabel(name, device)}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles['positioner']} sideOffset={6} align="end">
          <Popover.Popup className={styles['popup']}>
            <Popover.Title className={styles['title']}>{t.engines}</Popover.Title>
            <Popover.Description className={styles['description']}>{t.enginesHelp}</Popover.Description>
            {hint === null ? null : <p className={styles['faster']}>{hint}</p>}
            <EngineLadder reports={state.reports ?? []} choice={state.choice} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

type EngineLadderProps = { readonly reports: readonly EngineReport[]; readonly choice: EngineId | 'auto' };

/** Every engine, whether it can run here, and which one is chosen. */
export function EngineLadder({ reports, choice }: EngineLadderProps) {
  const { t, pick } = useText('training');
  const automatic = reports.find((report) => report.chosen);
  return (
    <div role="radiogroup" aria-label={t.engine} className={styles['ladder']}>
      <label className={styles['engine']}>
        <input type="radio" name="engine" checked={choice === 'auto'} onChange={() => void chooseEngine('auto')} />
        <span>
          <b>{t.automatic}</b>
          <span className={styles['detail']}>
            {automatic === undefined ? t.noEngine : fill(t.automaticPicks, { name: automatic.label })}
          </span>
        </span>
      </label>
      {reports.map((report) => (
        <div key={report.id} className={styles['engine']}>
          <input
            type="radio"
            name="engine"
            id={`engine-${report.id}`}
            checked={choice === report.id}
            disabled={!report.available}
            onChange={() => void chooseEngine(report.id)}
          />
          <div>
            <label htmlFor={`engine-${report.id}`}>
              <b>{report.label}</b>
              <span className={report.available ? styles['can'] : styles['cannot']}>
                {report.available ? t.canRun : t.cannotRun}
              </span>
            </label>
            <span className={styles['detail']}>
              {report.available
                ? [
                    report.device === undefined ? undefined : pick(deviceText(report.device)),
                    ...Object.entries(report.versions ?? {}).map(([name, version]) => `${name} ${version}`),
                  ]
                    .filter((part) => part !== undefined)
                    .join(', ')
                : report.why && pick(report.why)}
            </span>
            {report.passedOver === undefined ? null : (
              <span className={styles['detail']}>
                {fill(t.notOnDevice, { device: report.passedOver.device })} {pick(report.passedOver.why)}
              </span>
            )}
            <Mend mend={report.mend ?? report.passedOver?.mend} />
          </div>
        </div>
      ))}
    </div>
  );
}

/** What to do, with the command in it (if it is one) ready to be copied. */
function Mend({ mend: words }: { readonly mend: Text | null | undefined }) {
  const { t, pick } = useText('training');
  if (words === null || words === undefined) return null;
  const mend = pick(words);
  const quoted = /`([^`]+)`/.exec(mend)?.[1] ?? /\b(?:npx )?convloom [a-z][\w -]*/.exec(mend)?.[0].trim();
  const command = quoted?.startsWith('convloom ') === true ? `npx ${quoted}` : quoted;
  return (
    <span className={styles['mend']}>
      <span>{mend.replaceAll('`', '')}</span>
      {command === undefined ? null : (
        <span className={styles['command']}>
          <code>{command}</code>
          <CopyButton text={command} label={t.copyCommand} size="sm" />
        </span>
      )}
    </span>
  );
}
