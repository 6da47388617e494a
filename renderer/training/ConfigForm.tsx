import type { DataInfo, DataReport } from '../../shared/host/api';
import type { LossName, ScheduleName, OptimizerName, TrainingConfig } from '../../shared/schema/training';
import { useState } from 'react';
import { fill, useText } from '../i18n';
import { beginGesture, commitGesture } from '../store';
import { useRequest } from '../store/useRequest';
import { Failures, formatCount, formatShape, NumberField, Select } from '../ui';
import { FolderInput } from '../dialogs/FolderInput';
import { useEngines, chooseEngine } from './engineStore';
import { setTraining, trainingLabel } from './useTrainingConfig';
import styles from './ConfigForm.module.css';

type ConfigFormProps = { readonly config: TrainingConfig; readonly isActive: boolean };

/** The kind of a data spec: `images` of `images:/home/me/pets`. */
function specKind(spec: string): string {
  return spec.split(':', 1)[0] ?? spec;
}

/** Everything that decides a run: data, epochs, batch size, optimizer, learning rate, loss, seed, engine. */
export function ConfigForm({ config, isActive }: ConfigFormProps) {
  const { t } = useText('training');
  const number = (
    name: 'epochs' | 'batchSize' | 'learningRate' | 'momentum' | 'seed',
    min: number,
    max: number,
    step: number,
  ) => (
    <NumberField
      label={t[name]}
      value={config[name]}
      min={min}
      max={max}
      step={step}
      isInteger={step >= 1}
      isDisabled={isActive}
      onScrubStart={() => beginGesture(trainingLabel)}
      onChange={(value) => setTraining({ [name]: value }, 'merge')}
      onCommit={commitGesture}
    />
  );
  return (
    <form className={styles['form']} aria-label={t.settings} onSubmit={(event) => event.preventDefault()}>
      <DataField config={config} isActive={isActive} />
      <div className={styles['grid']}>
        {number('epochs', 1, 10_000, 1)}
        {number('batchSize', 1, 65_536, 1)}
        {number('learningRate', 1e-8, 100, 0.0001)}
        {number('seed', 0, 2_147_483_647, 1)}
        <Choice
          label={t.optimizer}
          value={config.optimizer}
          items={(['adam', 'momentum', 'sgd'] as const).map((value) => ({ value, label: t[`optimizer_${value}`] }))}
          isDisabled={isActive}
          onChange={(optimizer: OptimizerName) => setTraining({ optimizer })}
        />
        <Choice
          label={t.lossFunction}
          value={config.loss}
          items={(['auto', 'crossEntropy', 'meanSquaredError'] as const).map((value) => ({
            value,
            label: t[`loss_${value}`],
          }))}
          isDisabled={isActive}
          onChange={(loss: LossName) => setTraining({ loss })}
        />
        <EngineChoice isActive={isActive} />
        <Choice
          label={t.schedule}
          value={config.schedule}
          items={(['cosine', 'constant'] as const).map((value) => ({ value, label: t[`schedule_${value}`] }))}
          isDisabled={isActive}
          onChange={(schedule: ScheduleName) => setTraining({ schedule })}
        />
        {config.optimizer === 'momentum' ? number('momentum', 0, 0.9999, 0.01) : null}
      </div>
    </form>
  );
}

type ChoiceProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly items: readonly { readonly value: V; readonly label: string; readonly isDisabled?: boolean }[];
  readonly isDisabled: boolean;
  readonly onChange: (value: V) => void;
};

function Choice<V extends string>(props: ChoiceProps<V>) {
  return (
    <div className={styles['choice']}>
      <span>{props.label}</span>
      <Select {...props} />
    </div>
  );
}

function EngineChoice({ isActive }: { readonly isActive: boolean }) {
  const { t } = useText('training');
  const { choice, reports } = useEngines();
  return (
    <Choice
      label={t.engine}
      value={choice}
      items={[
        { value: 'auto', label: t.automatic },
        ...(reports ?? []).map((report) => ({ value: report.id, label: report.label, isDisabled: !report.available })),
      ]}
      isDisabled={isActive}
      onChange={(next) => void chooseEngine(next)}
    />
  );
}

function DataField({ config, isActive }: ConfigFormProps) {
  const { t, pick } = useText('training');
  const { value: reports } = useRequest('data.list', {});
  const kind = specKind(config.data);
  const report = reports?.find((one) => specKind(one.spec) === kind);
  const needsPath = report?.needsPath === true;
  const path = needsPath ? config.data.slice(kind.length + 1) : '';
  const isAskable = report !== undefined && (!needsPath || (path !== '' && path !== 'DIR' && path !== 'FILE'));
  const info = useRequest('data.info', isAskable ? { spec: config.data } : null);
  return (
    <div className={styles['data']}>
      <Choice
        label={t.data}
        value={kind}
        items={(reports ?? []).map((one) => ({
          value: specKind(one.spec),
          label: pick(one.label),
          hint: pick(one.doc),
        }))}
        isDisabled={isActive}
        onChange={(next) => setTraining({ data: nextSpec(next, reports ?? []) })}
      />
      {needsPath ? <PathField kind={kind} path={path} isActive={isActive} /> : null}
      {info.value === null || !isAskable ? null : <DataFacts info={info.value} />}
      {isAskable ? <Failures diagnostics={info.diagnostics} /> : null}
    </div>
  );
}

function nextSpec(kind: string, reports: readonly DataReport[]): string {
  const report = reports.find((one) => specKind(one.spec) === kind);
  return report?.needsPath === true ? `${kind}:` : kind;
}

type PathFieldProps = { readonly kind: string; readonly path: string; readonly isActive: boolean };

function PathField({ kind, path, isActive }: PathFieldProps) {
  const { t } = useText('training');
  const [draft, setDraft] = useState(path);
  const take = (next: string): void => {
    setDraft(next);
    if (next.trim() !== path) setTraining({ data: `${kind}:${next.trim()}` });
  };
  return (
    <FolderInput
      size="sm"
      aria-label={t.folder}
      value={draft}
      placeholder={t.folderPlaceholder}
      disabled={isActive}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => take(draft)}
      onKeyDown={(event) => (event.key === 'Enter' ? take(draft) : undefined)}
      onPick={take}
    />
  );
}

function DataFacts({ info }: { readonly info: DataInfo }) {
  const { t, pick } = useText('training');
  return (
    <p
      className={styles['facts']}
      title={`${fill(t.dataSplit, { train: formatCount(info.trainCount), validation: formatCount(info.validationCount) })} ${pick(info.split)}`}
    >
      {fill(t.dataFacts, {
        shape: formatShape(info.inputShape),
        classes: info.classes.length,
        train: formatCount(info.trainCount),
        validation: formatCount(info.validationCount),
      })}
    </p>
  );
}
