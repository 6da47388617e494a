import { ArrowDown, ArrowUp, ChartSpline, Pencil, Trash2, Workflow } from 'lucide-react';
import { Fragment, useMemo, useRef, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { shortDataSpec } from '../../shared/schema/data';
import { runColumns, runName, type RunColumnId } from '../../shared/training/runTable';
import { openRunNetwork } from '../dialogs/fileActions';
import { fill, useText } from '../i18n';
import { useRun, useSession, useWorkspace } from '../session';
import { currentHost } from '../store';
import { classes, IconButton, notifyDiagnostics, TextInput } from '../ui';
import { useRowWindow } from '../ui/useRowWindow';
import { formatWhen } from '../ui/when';
import { chooseRuns, toggleRun } from './chosenRuns';
import { DeleteRun } from './DeleteRun';
import styles from './RunsPanel.module.css';

type Sort = { readonly column: RunColumnId; readonly isDescending: boolean };

/**
 * What a run is, what came of it, and its tags are in view in a window of any size: the rest may be behind the actions, which stay in place.
 */
const leading: readonly RunColumnId[] = ['name', 'metric', 'best', 'tags'];

const columns = [
  ...leading.flatMap((wanted) => runColumns.filter(({ id }) => id === wanted)),
  ...runColumns.filter(({ id }) => !leading.includes(id)),
];

type RunsTableProps = {
  readonly runs: readonly RunSummary[];
  readonly chosen: readonly string[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** A run was renamed, tagged or deleted. */
  readonly onChange: () => void;
};

/** What of a run is being typed. */
type Editing = { readonly id: string; readonly what: 'name' | 'tags' };

/** The runs, a row each. */
export function RunsTable({ runs, chosen, sort, onSort, onChange }: RunsTableProps) {
  const { t, pick } = useText('runs');
  const [doomed, setDoomed] = useState<readonly RunSummary[]>([]);
  const shown = useRun((run) => ('runId' in run ? run.runId : null));
  const chosenIds = useMemo(() => new Set(chosen), [chosen]);
  const areAllChosen = useMemo(() => runs.every(({ id }) => chosenIds.has(id)), [runs, chosenIds]);
  const scroller = useRef<HTMLDivElement>(null);
  // What is typed in a row stays when that row is scrolled out of sight.
  const [focused, setFocused] = useState<string | null>(null);
  const focusedAt = useMemo(() => runs.findIndex(({ id }) => id === focused), [runs, focused]);
  const { rows, roomAfter, isPartial } = useRowWindow(scroller, runs.length, focusedAt === -1 ? null : focusedAt, 30);
  return (
    <div ref={scroller} className={classes(styles['scroll'], 'scroller')}>
      <table
        className={styles['runs']}
        aria-label={t.runs}
        aria-rowcount={isPartial ? runs.length + 1 : undefined}
        data-partial={isPartial ? true : undefined}
      >
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label={t.chooseAll}
                checked={areAllChosen}
                onChange={() => chooseRuns(areAllChosen ? [] : runs.map(({ id }) => id))}
              />
            </th>
            {columns.map(({ id, label, isNumber }) => {
              const isSorted = sort.column === id;
              const order = sort.isDescending ? 'descending' : 'ascending';
              return (
                <th
                  key={id}
                  scope="col"
                  data-number={isNumber ? true : undefined}
                  aria-sort={isSorted ? order : undefined}
                >
                  <button
                    type="button"
                    onClick={() => onSort({ column: id, isDescending: isSorted ? !sort.isDescending : isNumber })}
                  >
                    {pick(label)}
                    {isSorted ? (
                      sort.isDescending ? (
                        <ArrowDown size={12} aria-hidden />
                      ) : (
                        <ArrowUp size={12} aria-hidden />
                      )
                    ) : null}
                  </button>
                </th>
              );
            })}
            <th scope="col">{t.actions}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ index, roomBefore }) => {
            const run = runs[index];
            return run === undefined ? null : (
              <Fragment key={run.id}>
                <RoomRow height={roomBefore} />
                <RunRow
                  run={run}
                  rowIndex={isPartial ? index + 2 : undefined}
                  isChosen={chosenIds.has(run.id)}
                  isShown={shown === run.id}
                  onFocus={() => setFocused(run.id)}
                  onDelete={() => setDoomed([run])}
                  onChange={onChange}
                />
              </Fragment>
            );
          })}
          <RoomRow height={roomAfter} />
        </tbody>
      </table>
      <DeleteRun runs={doomed} onClose={() => setDoomed([])} onDone={onChange} />
    </div>
  );
}

/** Stands for rows that are out of sight. */
function RoomRow({ height }: { readonly height: number }) {
  return height === 0 ? null : (
    <tr aria-hidden className={styles['room']}>
      <td colSpan={columns.length + 2} style={{ height }} />
    </tr>
  );
}

type RunRowProps = {
  readonly run: RunSummary;
  /** Its place in the whole table, where that is not all on the page. */
  readonly rowIndex: number | undefined;
  readonly onFocus: () => void;
  readonly isChosen: boolean;
  readonly isShown: boolean;
  readonly onDelete: () => void;
  readonly onChange: () => void;
};

function RunRow({ run, rowIndex, isChosen, isShown, onFocus, onDelete, onChange }: RunRowProps) {
  const { t, language } = useText('runs');
  const session = useSession();
  const workspace = useWorkspace();
  const [editing, setEditing] = useState<Editing['what'] | null>(null);
  const name = runName(run, language);
  const label = async (change: { readonly name?: string; readonly tags?: readonly string[] }): Promise<void> => {
    setEditing(null);
    const answer = await currentHost()?.request('run.label', { runId: run.id, ...change });
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
    onChange();
  };
  const rename = (typed: string): void => {
    const next = typed.trim();
    if (next === '' || next === run.name) setEditing(null);
    else void label({ name: next });
  };
  const retag = (typed: string): void => {
    const tags = [...new Set(typed.split(/[\s,，]+/).filter(Boolean))];
    if (tags.join(' ') === run.tags.join(' ')) setEditing(null);
    else void label({ tags });
  };
  return (
    <tr aria-label={name} aria-rowindex={rowIndex} data-shown={isShown ? true : undefined} onFocus={onFocus}>
      <td>
        <input
          type="checkbox"
          aria-label={fill(t.choose, { name })}
          checked={isChosen}
          onChange={() => toggleRun(run.id)}
        />
      </td>
      {columns.map((column) => {
        const isNumber = column.isNumber ? true : undefined;
        switch (column.id) {
          case 'name':
            return (
              <th key={column.id} scope="row">
                {editing === 'name' ? (
                  <EditField label={fill(t.nameOf, { name })} start={run.name} onDone={rename} />
                ) : (
                  <button type="button" className={styles['name']} onClick={() => void session.run.show(run.id)}>
                    {name}
                  </button>
                )}
              </th>
            );
          case 'tags':
            return (
              <td key={column.id}>
                {editing === 'tags' ? (
                  <EditField
                    label={fill(t.tagsOf, { name })}
                    hint={t.tagsHint}
                    start={run.tags.join(' ')}
                    onDone={retag}
                  />
                ) : (
                  <button
                    type="button"
                    className={styles['tags']}
                    aria-label={`${fill(t.editTags, { name })}: ${run.tags.join(' ')}`}
                    title={run.tags.join(' ')}
                    onClick={() => setEditing('tags')}
                  >
                    {run.tags.length === 0 ? (
                      <span className={styles['muted']}>{t.noTags}</span>
                    ) : (
                      run.tags.map((tag) => <span key={tag}>{tag}</span>)
                    )}
                  </button>
                )}
              </td>
            );
          case 'startedAt':
            return (
              <td key={column.id} title={run.startedAt}>
                {formatWhen(run.startedAt, language)}
              </td>
            );
          case 'data':
            return (
              <td key={column.id} title={run.config.data}>
                {shortDataSpec(run.config.data)}
              </td>
            );
          default:
            return (
              <td key={column.id} data-number={isNumber} className={isNumber && 'figures'}>
                {column.show(run, language)}
              </td>
            );
        }
      })}
      <td>
        <span className={styles['actions']}>
          <IconButton
            size="sm"
            label={fill(t.show, { name })}
            icon={<ChartSpline size={14} aria-hidden />}
            onClick={() => void session.run.show(run.id)}
          />
          <IconButton
            size="sm"
            label={fill(t.open, { name })}
            icon={<Workflow size={14} aria-hidden />}
            onClick={() => void openRunNetwork(workspace, run.id)}
          />
          <IconButton
            size="sm"
            label={fill(t.rename, { name })}
            icon={<Pencil size={14} aria-hidden />}
            onClick={() => setEditing('name')}
          />
          <IconButton
            size="sm"
            label={fill(t.remove, { name })}
            icon={<Trash2 size={14} aria-hidden />}
            disabled={run.state === 'running'}
            onClick={onDelete}
          />
        </span>
      </td>
    </tr>
  );
}

type EditFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly start: string;
  /** Called with what was typed, or with what was there where it is given up. */
  readonly onDone: (typed: string) => void;
};

function EditField({ label, hint, start, onDone }: EditFieldProps) {
  const [typed, setTyped] = useState(start);
  return (
    <TextInput
      size="sm"
      aria-label={label}
      placeholder={hint}
      value={typed}
      maxLength={200}
      ref={(input) => input?.focus()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => onDone(typed)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(typed);
        if (event.key === 'Escape') onDone(start);
        event.stopPropagation();
      }}
    />
  );
}
