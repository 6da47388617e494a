import { useEffect, useMemo, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { printSvg } from '../../shared/exports/figures/svg';
import { drawFigure } from '../../shared/figures';
import type { ModelRef, PreviewedFile } from '../../shared/host/api';
import type { FigureOptions } from '../../shared/schema/figures';
import { formatBytes } from '../../shared/text';
import { useText } from '../i18n';
import { useProject } from '../session';
import { currentHost } from '../store';
import { Button, Failures, Select } from '../ui';
import styles from './ExportDialog.module.css';
import type { ExportTarget } from '../../shared/schema/exports';
import { groupOf } from './targets';

type PreviewProps = { readonly target: ExportTarget; readonly model: ModelRef | null; readonly figure: FigureOptions };

/** What would be written: the drawing of a figure, the text of the main file, the sizes of files of numbers. */
export function Preview({ target, model, figure }: PreviewProps) {
  return target.draws ? <Drawing figure={figure} /> : <Files key={target.id} {...{ target, model, figure }} />;
}

function Drawing({ figure }: { readonly figure: FigureOptions }) {
  const { t } = useText('exports');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const svg = useMemo(
    () => printSvg(drawFigure(document, analysis, figure), figure.width),
    [document, analysis, figure],
  );
  // As an image: whatever is in it can run nothing.
  return (
    <img className={styles['preview']} alt={t.preview} src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} />
  );
}

/** With more parameters the files of a model are made only when they are asked for: that takes seconds. */
const mostUnasked = 5_000_000;

type Listing = { readonly files: readonly PreviewedFile[]; readonly diagnostics: readonly Diagnostic[] };

function Files({ target, model, figure }: PreviewProps) {
  const { t } = useText('exports');
  const document = useProject((state) => state.document);
  const params = useProject((state) => state.analysis.totals.params);
  const [isAsked, setAsked] = useState(groupOf(target) !== 'models' || params <= mostUnasked);
  const [listing, setListing] = useState<Listing | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    if (!isAsked) return undefined;
    const asking = new AbortController();
    void currentHost()
      ?.request('export.preview', { document, target: target.id, model, figure }, asking.signal)
      .then((answer) => {
        if (asking.signal.aborted) return;
        setListing(
          answer.ok
            ? { files: answer.value.files, diagnostics: [] }
            : { files: [], diagnostics: answer.diagnostics.slice(0, 3) },
        );
      });
    return () => asking.abort();
  }, [isAsked, document, target.id, model, figure]);
  if (!isAsked) {
    return (
      <div className={styles['preview']}>
        <Button size="sm" onClick={() => setAsked(true)}>
          {t.listFiles}
        </Button>
      </div>
    );
  }
  if (listing === null) return <p className={styles['preview']}>{t.preparing}</p>;
  const { files, diagnostics } = listing;
  if (diagnostics.length > 0) {
    return (
      <div className={styles['preview']}>
        <Failures diagnostics={diagnostics} />
      </div>
    );
  }
  const shown = files.find(({ name }) => name === chosen) ?? mainFile(files);
  return (
    <div className={styles['files']}>
      {files.length < 2 ? null : (
        <Select
          label={t.file}
          value={shown?.name ?? ''}
          items={files.map(({ name, sizeBytes }) => ({ value: name, label: name, hint: formatBytes(sizeBytes) }))}
          onChange={setChosen}
        />
      )}
      <pre className={styles['preview']} aria-label={t.preview} role="region" tabIndex={0}>
        {shown?.text ?? sizesOf(files, target)}
      </pre>
    </div>
  );
}

/** What there is to see of files of numbers. */
function sizesOf(files: readonly PreviewedFile[], { extension, label }: ExportTarget): string {
  return files
    .map(
      ({ name, sizeBytes }) =>
        `${formatBytes(sizeBytes).padStart(9)}  ${name === '' ? `${label.en} (${extension})` : name}`,
    )
    .join('\n');
}

/** What one wants to see first: the network in code, else the first file that is text. */
function mainFile(files: readonly PreviewedFile[]): PreviewedFile | undefined {
  return (
    files.find(({ name }) => /(^|\/)model\.(ts|py)$/.test(name)) ?? files.find(({ text }) => text !== null) ?? files[0]
  );
}
