import { useId, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { printSvg } from '../../shared/exports/figures/svg';
import { printLatex } from '../../shared/exports/tables/latex';
import { printMarkdown } from '../../shared/exports/tables/markdown';
import { layerTable } from '../../shared/exports/tables/rows';
import { drawFigure } from '../../shared/figures';
import { exportTargets } from '../../shared/schema/exports';
import { defaultFigureOptions, figureChoices, figureLimits, type FigureOptions } from '../../shared/schema/figures';
import { isMeasured, type MeasuredHeat } from '../../shared/analysis/heat';
import { useHeatSource, useMeasures } from '../canvas/heat';
import { FolderInput } from '../dialogs/FolderInput';
import { fill, useText } from '../i18n';
import { useProject } from '../session';
import { currentHost, useHost } from '../store';
import { Button, Failures, NumberField, Segments, Select, TextInput } from '../ui';
import { closeFigureExport } from './exportStore';
import styles from '../ui/ExportForm.module.css';

/** What is drawn, and the tables: the targets that are for a text rather than for a program. */
const targets = exportTargets.filter(({ draws, id }) => draws || id === 'markdown' || id === 'latex');
type Target = (typeof targets)[number];

/** What figure or table is written, and where to, with what it will look like. */
export function FigureForm() {
  const { t, pick, language } = useText('volumes');
  const id = useId();
  const document = useProject((state) => state.document);
  const [target, setTarget] = useState<Target['id']>('pdf');
  // As it is seen: what is hot in the window is so in the figure.
  const { measure } = useHeatSource();
  const measures = useMeasures();
  const unknown = (['time', 'gradient', 'dead'] as const).filter((name) => measures[name] === null);
  const heat = unknown.some((name) => name === measure) ? 'none' : (measure ?? 'none');
  const [chosen, setOptions] = useState<FigureOptions>({
    ...defaultFigureOptions,
    view: 'volumes',
    heat,
    language,
  });
  const measured = chosen.heat !== 'none' && isMeasured(chosen.heat) ? measures[chosen.heat] : null;
  const options = { ...chosen, ...(measured !== null && { measured }) };
  const [dir, setDir] = useState(useHost((state) => state.info?.projectsDir ?? ''));
  const { draws = false, extension = '' } = targets.find((one) => one.id === target) ?? {};
  const [name, setName] = useState(document.name === '' ? 'network' : document.name.replace(/[^\p{L}\p{N}]+/gu, '-'));
  const [overwrite, setOverwrite] = useState(false);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const change = (part: Partial<FigureOptions>): void => setOptions((now) => ({ ...now, ...part }));
  const write = async (): Promise<void> => {
    const path = `${dir}/${name}${extension}`;
    const order = { document, target, model: null, path, overwrite, figure: options } as const;
    const answer = await currentHost()?.request('export.write', order);
    if (answer === undefined) return;
    if (!answer.ok) {
      setFailures(answer.diagnostics);
      return;
    }
    toast.success(fill(t.exported, { path }));
    closeFigureExport();
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <Preview target={target} draws={draws} options={options} />
      <div className={styles['fields']}>
        <label htmlFor={`${id}-format`}>{t.format}</label>
        <Select
          id={`${id}-format`}
          label={t.format}
          value={target}
          items={targets.map((one) => ({ value: one.id, label: pick(one.label) }))}
          onChange={setTarget}
        />
        {draws ? (
          <FigureFields options={options} unknown={unknown} hasPixels={target === 'png'} onChange={change} />
        ) : null}
        <label htmlFor={`${id}-folder`}>{t.folder}</label>
        <FolderInput id={`${id}-folder`} value={dir} onChange={(event) => setDir(event.target.value)} onPick={setDir} />
        <label htmlFor={`${id}-name`}>{t.fileName}</label>
        <TextInput id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <Check label={t.overwrite} isOn={overwrite} onChange={setOverwrite} />
      <Failures diagnostics={failures} />
      <div className={styles['actions']}>
        <Button onClick={closeFigureExport}>{t.cancel}</Button>
        <Button type="submit" variant="primary" disabled={dir.trim() === '' || name.trim() === ''}>
          {t.export}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = {
  readonly options: FigureOptions;
  /** What was not measured, and so cannot be drawn. */
  readonly unknown: readonly MeasuredHeat[];
  readonly hasPixels: boolean;
  readonly onChange: (part: Partial<FigureOptions>) => void;
};

function FigureFields({ options, unknown, hasPixels, onChange }: FieldsProps) {
  const { t, language } = useText('volumes');
  const { view, style, arrangement, scale, heat, shapes, legend } = options;
  const number = (name: 'width' | 'dpi') => (
    <div className={styles['number']}>
      <NumberField
        label={t[name]}
        {...figureLimits[name]}
        isInteger
        value={options[name]}
        onChange={(value) => onChange({ [name]: value })}
      />
    </div>
  );
  return (
    <>
      <span>{t.view}</span>
      <Segments
        label={t.view}
        value={view}
        choice={figureChoices.view}
        language={language}
        onChange={(value) => onChange({ view: value })}
      />
      {view === 'volumes' ? (
        <>
          <span>{t.style}</span>
          <Segments
            label={t.style}
            value={style}
            choice={figureChoices.style}
            language={language}
            onChange={(value) => onChange({ style: value })}
          />
          <span>{t.arrangement}</span>
          <Segments
            label={t.arrangement}
            value={arrangement}
            choice={figureChoices.arrangement}
            language={language}
            onChange={(value) => onChange({ arrangement: value })}
          />
          <span>{t.scale}</span>
          <Segments
            label={t.scale}
            value={scale}
            choice={figureChoices.scale}
            language={language}
            onChange={(value) => onChange({ scale: value })}
          />
        </>
      ) : null}
      <span>{t.heat}</span>
      <Segments
        label={t.heat}
        value={heat}
        choice={figureChoices.heat}
        without={unknown}
        language={language}
        onChange={(value) => onChange({ heat: value })}
      />
      {number('width')}
      {hasPixels ? number('dpi') : null}
      <span />
      <div className={styles['checks']}>
        <Check label={t.shapes} isOn={shapes} onChange={(value) => onChange({ shapes: value })} />
        <Check label={t.legend} isOn={legend} onChange={(value) => onChange({ legend: value })} />
      </div>
    </>
  );
}

type CheckProps = { readonly label: string; readonly isOn: boolean; readonly onChange: (isOn: boolean) => void };

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label className={styles['check']}>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

type PreviewProps = { readonly target: Target['id']; readonly draws: boolean; readonly options: FigureOptions };

/** What will be in the file: the very text of a table, the very drawing of a figure. */
function Preview({ target, draws, options }: PreviewProps) {
  const { t } = useText('volumes');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const content = useMemo(() => {
    if (draws) return printSvg(drawFigure(document, analysis, options), options.width);
    const table = layerTable(document, analysis, options.language);
    return target === 'latex' ? printLatex(table) : printMarkdown(table);
  }, [document, analysis, options, draws, target]);
  return draws ? (
    // As an image: whatever is in it can run nothing.
    <img className={styles['preview']} alt={t.preview} src={`data:image/svg+xml;utf8,${encodeURIComponent(content)}`} />
  ) : (
    <pre className={styles['preview']} aria-label={t.preview} role="region" tabIndex={0}>
      {content}
    </pre>
  );
}
