import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { DataInfo } from '../../shared/host/api';
import { dataSources, emptyDataSpec, parseDataSpec, type DataKind } from '../../shared/schema/data';
import { defaultTrainingConfig, type TrainingConfig, type TrainingFieldName } from '../../shared/schema/training';
import { useState } from 'react';
import { fill, useText, type Messages } from '../i18n';
import { useProject, useSession } from '../session';
import { Button, Failures, formatCount, formatShape, NumberField, TextInput } from '../ui';
import { useDraft } from '../ui/useDraft';
import { FolderField } from '../dialogs/FolderField';
import { BeforeTraining } from './BeforeTraining';
import { BeginningFields } from './BeginningFields';
import { useEngines, chooseEngine } from './engineStore';
import { Choice } from './Choice';
import { LossNetworkField, StylePictureField } from './PerceptualFields';
import { settingControls, type SettingControl } from './settingsForm';
import { useDataInfo } from './useDataInfo';
import { setSetting, setTraining, trainingLabel } from './useTrainingConfig';
import styles from './ConfigForm.module.css';

type ConfigFormProps = { readonly config: TrainingConfig; readonly isActive: boolean };

/** Everything that decides a run, one control for each field of the configuration that matters. */
export function ConfigForm({ config, isActive }: ConfigFormProps) {
  const { t } = useText('training');
  const outputs = useProject((state) => state.analysis.outputs);
  const [data, ...others] = settingControls(config, outputs);
  return (
    <form className={styles['form']} aria-label={t.settings} onSubmit={(event) => event.preventDefault()}>
      {data === undefined ? null : <Setting control={data} config={config} isActive={isActive} />}
      <div className={styles['grid']}>
        {others
          .filter(({ isAdvanced }) => !isAdvanced)
          .map((control) => (
            <Setting key={control.name} control={control} config={config} isActive={isActive} />
          ))}
        <BeginningFields isActive={isActive} />
      </div>
      <BeforeTraining config={config} isActive={isActive} />
      <MoreSettings controls={others.filter(({ isAdvanced }) => isAdvanced)} config={config} isActive={isActive} />
    </form>
  );
}

/** Some of the settings by their names, where something else than the whole form is to show them. */
export function SomeSettings({
  names,
  config,
  isActive,
}: ConfigFormProps & { readonly names: readonly TrainingFieldName[] }) {
  const outputs = useProject((state) => state.analysis.outputs);
  return settingControls(config, outputs)
    .filter(({ name }) => names.includes(name))
    .map((control) => <Setting key={control.name} control={control} config={config} isActive={isActive} />);
}

/** What most runs leave alone: folded away, unless something of it was changed. */
function MoreSettings({ controls, ...props }: ConfigFormProps & { readonly controls: readonly SettingControl[] }) {
  const { t } = useText('training');
  const isChanged = controls.some(({ name }) => props.config[name] !== defaultTrainingConfig[name]);
  const [isOpen, setOpen] = useState(isChanged);
  return (
    <details className={styles['more']} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.moreSettings}</summary>
      <div className={styles['grid']}>
        {controls.map((control) => (
          <Setting key={control.name} control={control} {...props} />
        ))}
      </div>
    </details>
  );
}

function Setting({ control, config, isActive }: ConfigFormProps & { readonly control: SettingControl }) {
  const session = useSession();
  const { pick } = useText('training');
  const { name } = control;
  const label = pick(control.label);
  switch (control.type) {
    case 'data':
      return <DataField label={label} config={config} isActive={isActive} />;
    case 'engine':
      return <EngineChoice label={label} isActive={isActive} />;
    case 'lossNetwork':
      return <LossNetworkField label={label} value={control.value} isDisabled={isActive} />;
    case 'stylePicture':
      return <StylePictureField label={label} value={control.value} isDisabled={isActive} />;
    case 'choice':
      return (
        <Choice
          label={label}
          value={control.value}
          items={control.items.map((item) => ({ value: item.value, label: pick(item.label) }))}
          isDisabled={isActive}
          onChange={(value) => setSetting(session, name, value)}
        />
      );
    case 'text':
      return <TextField key={control.name} control={control} label={label} isDisabled={isActive} />;
    case 'number':
      return (
        <NumberField
          label={label}
          value={control.value}
          min={control.min}
          max={control.max}
          step={control.step}
          isInteger={control.isInteger}
          isDisabled={isActive}
          onScrubStart={() => session.project.beginGesture(trainingLabel)}
          onChange={(value) => setSetting(session, name, value, 'merge')}
          onCommit={session.project.commitGesture}
        />
      );
  }
}

type TextFieldProps = {
  readonly control: Extract<SettingControl, { type: 'text' }>;
  readonly label: string;
  readonly isDisabled: boolean;
};

/** A text that is taken when the field is left, or by Enter. */
function TextField({ control, label, isDisabled }: TextFieldProps) {
  const session = useSession();
  const [draft, setDraft] = useDraft(control.value);
  const take = (): void => {
    if (draft.trim() !== control.value) setSetting(session, control.name, draft.trim());
  };
  return (
    <label className={styles['choice']}>
      <span>{label}</span>
      <TextInput
        size="sm"
        value={draft}
        placeholder={control.placeholder}
        disabled={isDisabled}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => (event.key === 'Enter' ? take() : undefined)}
      />
    </label>
  );
}

function EngineChoice({ label, isActive }: { readonly label: string; readonly isActive: boolean }) {
  const { t } = useText('training');
  const { choice, reports } = useEngines();
  return (
    <Choice
      label={label}
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

function DataField({ label, config, isActive }: ConfigFormProps & { readonly label: string }) {
  const session = useSession();
  const { t, pick } = useText('training');
  const spec = parseDataSpec(config.data);
  const info = useDataInfo(config);
  return (
    <div className={styles['data']}>
      <Choice<DataKind | ''>
        label={label}
        value={spec?.source.kind ?? ''}
        items={[
          ...(spec === null ? [{ value: '', label: config.data } as const] : []),
          ...dataSources.map(({ kind, label: name, doc }) => ({ value: kind, label: pick(name), hint: pick(doc) })),
        ]}
        isDisabled={isActive}
        onChange={(kind) => (kind === '' ? undefined : setTraining(session, { data: emptyDataSpec(kind) }))}
      />
      {spec === null || spec.source.takes === null ? null : (
        <FolderField
          key={spec.source.kind}
          label={t.folder}
          placeholder={t.folderPlaceholder}
          path={spec.path}
          isDisabled={isActive}
          onTake={(path) => setTraining(session, { data: `${spec.source.kind}:${path}` })}
        />
      )}
      {info?.value == null ? null : (
        <>
          <DataFacts info={info.value} />
          <Failures diagnostics={info.value.warnings} />
        </>
      )}
      {info === null ? null : <Failures diagnostics={info.diagnostics} />}
      {isActive ? null : <TargetMends diagnostics={info?.value?.warnings ?? info?.diagnostics ?? []} />}
    </div>
  );
}

/** What can be done in one click about the columns that a table's rows are learned by. */
function TargetMends({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { pick } = useText('training');
  const { project } = useSession();
  const fixes = diagnostics.flatMap(({ at, fixes: own }) => (at.path === 'train.targets' ? own : []));
  return fixes.map((fix) => (
    <Button key={fix.title.en} size="sm" onClick={() => project.applyFix(fix)}>
      {pick(fix.title)}
    </Button>
  ));
}

/** What the samples of some data are called, and how many there are. */
function countWords({ inputShape }: DataInfo, t: Messages<'training'>): string {
  return inputShape.length === 1 ? t.rowCounts : t.imageCounts;
}

/** What data are told by, whatever they are learned as. */
function factsWords({ task, targetShape }: DataInfo, t: Messages<'training'>): string {
  if (task === 'regression') return t.valueFacts;
  if (task === 'multi-label') return t.labelFacts;
  return targetShape === undefined ? t.dataFacts : t.pairFacts;
}

function DataFacts({ info }: { readonly info: DataInfo }) {
  const { t, pick } = useText('training');
  const counts = { train: formatCount(info.trainCount), validation: formatCount(info.validationCount) };
  return (
    <p className={styles['facts']} title={`${fill(t.dataSplit, counts)} ${pick(info.split)}`}>
      {fill(factsWords(info, t), {
        shape: formatShape(info.inputShape),
        target: formatShape(info.targetShape ?? []),
        classes: info.classes.length,
        counts: fill(countWords(info, t), counts),
      })}
    </p>
  );
}
