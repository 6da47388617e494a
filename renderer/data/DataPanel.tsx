import { Camera, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { DataLook } from '../../shared/host/dataLook';
import { isWholeDataSpec, parseDataSpec } from '../../shared/schema/data';
import { augmentationNames, mixingNames } from '../../shared/schema/augmentation';
import { dataFieldNames } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import { text } from '../../shared/text';
import { RecordDialog } from '../camera/RecordDialog';
import { en, zh } from '../i18n/data';
import { fill, useText } from '../i18n';
import { useRun, useSession } from '../session';
import { SomeSettings } from '../training/ConfigForm';
import { setTraining, useTrainingConfig } from '../training/useTrainingConfig';
import { Button, EmptyState, Failures, formatCount, IconButton, Segments } from '../ui';
import { AlikeView, BrokenView } from './Findings';
import { DataFacts } from './DataFacts';
import { Gallery } from './Gallery';
import { Preview } from './Preview';
import { useDataLook, useDataQuestion } from './useDataLook';
import styles from './data.module.css';

const views = {
  pictures: text(en.pictures, zh.pictures),
  alike: text(en.alike, zh.alike),
  augmented: text(en.augmented, zh.augmented),
  broken: text(en.broken, zh.broken),
} as const;
type View = keyof typeof views;

/** The tab of the dock that shows the data: which they are at the left, what they hold beside it, and the pictures. */
export function DataPanel() {
  const { id } = useSession();
  return <Data key={id} />;
}

function Data() {
  const { t } = useText('data');
  const config = useTrainingConfig();
  const question = useDataQuestion(config);
  const isActive = useRun(isRunActive);
  const { value: look, isLoading, diagnostics, reload, progress } = useDataLook(question);
  const [classIndex, setClass] = useState<number | null>(null);
  const isWhole = isWholeDataSpec(config.data);
  // What says how files become pictures is nothing to arrays of one size, and least of all to tables.
  const spec = parseDataSpec(config.data);
  const source = spec?.source;
  const holds = source?.holds === 'either' ? heldBy(look) : source?.holds;
  // Pictures of other sources may come with masks and with classes, too.
  const hasChoice = look?.info.otherTask !== undefined || config.annotations !== 'auto';
  const names = dataFieldNames.filter(
    (name) =>
      name === 'testFraction' ||
      name === 'share' ||
      (name === 'fit' && holds !== 'table') ||
      (name === 'targets' && (holds === 'table' || config.targets !== undefined)) ||
      (name === 'splitBy' && holds === 'files') ||
      (name === 'annotations' && (source?.isAnnotated === true || hasChoice)) ||
      (name === 'maskValues' && ((look?.values.length ?? 0) > 0 || config.maskValues !== undefined)),
  );
  return (
    <div className={styles['data']} data-looked={look === null ? undefined : true}>
      <div className={styles['side']}>
        <form className={styles['settings']} aria-label={t.settings} onSubmit={(event) => event.preventDefault()}>
          <SomeSettings names={['data', ...names]} config={config} isActive={isActive} />
        </form>
        <RecordButton dir={spec?.source.kind === 'images' && isWhole ? spec.path : null} isDisabled={isActive} />
      </div>
      {look === null ? null : (
        <div className={styles['side']}>
          <DataFacts look={look} classIndex={classIndex} onClass={setClass} />
        </div>
      )}
      <div className={styles['main']}>
        <Failures diagnostics={diagnostics} />
        {progress === null ? null : (
          <p className={styles['muted']} role="status">
            {fill(t.lookingAt, { done: formatCount(progress.done), total: formatCount(progress.total) })}
          </p>
        )}
        {look !== null ? (
          <Shown key={config.data} look={look} classIndex={classIndex} onClass={setClass} onReload={reload} />
        ) : !isWhole ? (
          <EmptyState title={t.noData} hint={t.noDataHint} />
        ) : isLoading ? (
          <EmptyState title={t.looking} />
        ) : null}
      </div>
    </div>
  );
}

type RecordButtonProps = {
  /** The folder of images that is the data now; null where they are something else. */
  readonly dir: string | null;
  readonly isDisabled: boolean;
};

/** Opens the camera's dialog; what is recorded there becomes the data of the network. */
function RecordButton({ dir, isDisabled }: RecordButtonProps) {
  const { t } = useText('camera');
  const session = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" icon={<Camera size={14} aria-hidden />} disabled={isDisabled} onClick={() => setOpen(true)}>
        {t.record}
      </Button>
      <RecordDialog
        isOpen={isOpen}
        dataDir={dir}
        onClose={() => setOpen(false)}
        onSaved={(saved) => setTraining(session, { data: `images:${saved}` })}
      />
    </>
  );
}

/** What data of a source that may hold either hold indeed; unknown before they have been looked at. */
function heldBy(look: DataLook | null): 'table' | 'files' | undefined {
  return look === null ? undefined : look.columns.length > 0 ? 'table' : 'files';
}

type ShownProps = {
  readonly look: DataLook;
  readonly classIndex: number | null;
  readonly onClass: (classIndex: number | null) => void;
  readonly onReload: () => void;
};

function Shown({ look, classIndex, onClass, onReload }: ShownProps) {
  const { t, language } = useText('data');
  const config = useTrainingConfig();
  const question = useDataQuestion(config);
  const isActive = useRun(isRunActive);
  const [view, setView] = useState<View>('pictures');
  // Pictures of data that have changed since are others in the same places.
  const { snapshot } = look.info;
  const hasPictures = look.info.inputShape.length === 3;
  return (
    <>
      <div className={styles['bar']}>
        <Segments label={t.view} value={view} choice={views} language={language} onChange={setView} />
        <span className={styles['space']} />
        <IconButton size="sm" label={t.look} icon={<RefreshCw size={14} />} onClick={onReload} />
      </div>
      {view === 'alike' ? (
        <AlikeView key={snapshot} look={look} question={question} />
      ) : view === 'broken' ? (
        <BrokenView broken={look.broken} />
      ) : !hasPictures ? (
        <EmptyState title={t.noPictures} hint={t.noPicturesHint} />
      ) : view === 'pictures' ? (
        <Gallery key={snapshot} look={look} question={question} classIndex={classIndex} onClass={onClass} />
      ) : (
        <>
          <form className={styles['strengths']} aria-label={t.augmented} onSubmit={(event) => event.preventDefault()}>
            <SomeSettings
              names={['augment', ...augmentationNames, ...mixingNames]}
              config={config}
              isActive={isActive}
            />
          </form>
          <Preview key={snapshot} look={look} question={question} config={config} />
        </>
      )}
    </>
  );
}
