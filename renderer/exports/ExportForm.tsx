import { useId, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { defaultFigureOptions, type FigureOptions } from '../../shared/schema/figures';
import { joinPath } from '../dialogs/fileActions';
import { FolderInput } from '../dialogs/FolderInput';
import { useText } from '../i18n';
import { useProject } from '../session';
import { currentHost, remember, useHost } from '../store';
import { Button, Failures, Select, TextInput } from '../ui';
import { openFigureExport } from '../volumes/exportStore';
import styles from './ExportDialog.module.css';
import { ExportResult, type Exported } from './ExportResult';
import { closeExport, lastTarget } from './exportStore';
import { useWeightChoices } from './models';
import { Preview } from './Preview';
import { TargetList } from './TargetList';
import type { ExportTarget } from '../../shared/schema/exports';
import { groupOf } from './targets';

/** A name that every file system takes. */
function plainName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return plain === '' ? 'network' : plain;
}

/** The destination and what is asked of the host. */
function useExporting(path: string, overwrite: boolean) {
  const document = useProject((state) => state.document);
  const work = useRef<AbortController | null>(null);
  const [isWorking, setWorking] = useState(false);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const [result, setResult] = useState<Exported | null>(null);
  const write = async (order: Pick<Order, 'target' | 'model' | 'figure'>): Promise<void> => {
    const started = new AbortController();
    work.current = started;
    setWorking(true);
    setFailures([]);
    const answer = await currentHost()?.request(
      'export.write',
      { ...order, document, path, overwrite },
      started.signal,
    );
    setWorking(false);
    if (answer === undefined || started.signal.aborted) return;
    if (answer.ok) setResult({ ...answer.value, path });
    else setFailures(answer.diagnostics);
  };
  return { write, stop: () => work.current?.abort(), again: () => setResult(null), isWorking, failures, result };
}

type Order = {
  readonly target: ExportTarget['id'];
  readonly model: ReturnType<typeof useWeightChoices>[number]['model'];
  readonly figure: FigureOptions;
};

/** What is written, and where to. */
export function ExportForm({ first }: { readonly first: ExportTarget }) {
  const { t, pick, language } = useText('exports');
  const id = useId();
  const document = useProject((state) => state.document);
  const [target, setTarget] = useState(first);
  const [dir, setDir] = useState(useHost((state) => state.info?.projectsDir ?? ''));
  const [name, setName] = useState(plainName(document.name));
  const [overwrite, setOverwrite] = useState(false);
  const choices = useWeightChoices();
  // What was trained or imported goes along unless its user says otherwise.
  const [weights, setWeights] = useState<string | null>(null);
  const choice = choices.find(({ key }) => key === weights) ?? choices[1] ?? choices[0];
  const model = target.takesWeights ? (choice?.model ?? null) : null;
  const figure = useMemo((): FigureOptions => ({ ...defaultFigureOptions, view: 'volumes', language }), [language]);
  const isFile = target.writes === 'file';
  const { write, stop, again, isWorking, failures, result } = useExporting(
    joinPath(dir, `${name}${target.extension}`),
    isFile && overwrite,
  );
  if (result !== null) return <ExportResult result={result} onAgain={again} onClose={closeExport} />;
  const choose = (next: ExportTarget): void => {
    setTarget(next);
    remember(lastTarget, next.id);
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void write({ target: target.id, model, figure });
      }}
    >
      <TargetList value={target} onChange={choose} />
      <div className={styles['detail']}>
        <p className={styles['doc']}>{pick(target.doc)}</p>
        <Preview target={target} model={model} figure={figure} />
        <div className={styles['fields']}>
          {target.takesWeights ? (
            <>
              <label htmlFor={`${id}-weights`}>{t.weights}</label>
              <Select
                id={`${id}-weights`}
                label={t.weights}
                value={choice?.key ?? 'none'}
                items={choices.map(({ key, label }) => ({
                  value: key,
                  label: key === 'none' && groupOf(target) === 'models' ? t.initialWeights : label,
                }))}
                onChange={setWeights}
              />
            </>
          ) : null}
          <label htmlFor={`${id}-dir`}>{t.folder}</label>
          <FolderInput id={`${id}-dir`} value={dir} onChange={(event) => setDir(event.target.value)} onPick={setDir} />
          <label htmlFor={`${id}-name`}>{isFile ? t.fileName : t.newFolder}</label>
          <div className={styles['name']}>
            <TextInput id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} />
            <code>{target.extension}</code>
            {isFile ? (
              <label className={styles['check']}>
                <input type="checkbox" checked={overwrite} onChange={(event) => setOverwrite(event.target.checked)} />
                {t.overwrite}
              </label>
            ) : null}
          </div>
        </div>
        <Failures diagnostics={failures.slice(0, 5)} />
        <div className={styles['actions']}>
          {target.draws ? (
            <Button
              onClick={() => {
                closeExport();
                openFigureExport();
              }}
            >
              {t.figureOptions}
            </Button>
          ) : null}
          {isWorking ? (
            <p role="status" className={styles['working']}>
              {target.draws ? t.writing : t.proving}
            </p>
          ) : null}
          <Button onClick={() => (isWorking ? stop() : closeExport())}>{t.cancel}</Button>
          <Button type="submit" variant="primary" disabled={isWorking || dir.trim() === '' || name.trim() === ''}>
            {t.export}
          </Button>
        </div>
      </div>
    </form>
  );
}
