import { useCallback, useMemo, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import {
  allTags,
  findRuns,
  runLines,
  runName,
  runsCsv,
  sortRuns,
  type RunColumnId,
} from '../../shared/training/runTable';
import { text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { Button, classes, EmptyState, formatCount, Menu, Segments, Select, TextInput } from '../ui';
import { saveFile } from '../ui/saveFile';
import { OverlaidCharts } from '../training/OverlaidCharts';
import { chooseRuns, showRunsView, useChosenRuns, useRunsView, type RunsView } from './chosenRuns';
import { ComparedSettings } from './ComparedSettings';
import { DeleteRun } from './DeleteRun';
import { RacePane } from './RacePane';
import { RunsTable } from './RunsTable';
import { SweepPane } from './SweepPane';
import { Tradeoff } from './Tradeoff';
import { useRuns } from './useRuns';
import styles from './RunsPanel.module.css';

/** More curves over each other, or columns beside each other, are read by nobody, and each is a file that is read. */
const mostCompared = 30;

const views = {
  curves: text('Curves', '曲线'),
  settings: text('Settings', '设置'),
  tradeoff: text('Pareto', '帕累托'),
  sweep: text('Sweep', '扫描'),
  race: text('Race', '竞速'),
} as const;

/** All runs of this machine: found, sorted, named, compared. */
export function RunsPanel() {
  const { t, language } = useText('runs');
  const answer = useRuns();
  const [search, setSearch] = useState('');
  const [tag, setTag] = useState('');
  const [sort, setSort] = useState<{ readonly column: RunColumnId; readonly isDescending: boolean }>({
    column: 'startedAt',
    isDescending: true,
  });
  const view = useRunsView((state) => state.view);
  const ids = useChosenRuns((state) => state.ids);
  const { value, isLoading, reload } = answer;
  const runs = useMemo(() => value ?? [], [value]);
  const tags = useMemo(() => allTags(runs), [runs]);
  const found = useMemo(() => {
    const wanted = findRuns(runs, { search, tag: tags.includes(tag) ? tag : null });
    return sortRuns(wanted, sort.column, sort.isDescending);
  }, [runs, search, tag, tags, sort]);
  const chosen = useMemo(() => {
    const byId = new Map(runs.map((run) => [run.id, run]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }, [ids, runs]);
  const compared = useMemo(() => chosen.slice(0, mostCompared), [chosen]);
  const [doomed, setDoomed] = useState<readonly RunSummary[]>([]);
  const nameOf = useCallback((run: RunSummary) => runName(run, language), [language]);
  return (
    <section className={styles['frame']} aria-label={t.runs}>
      <div className={styles['panel']}>
        <div className={styles['list']}>
          <div className={styles['bar']} role="search">
            <TextInput
              type="search"
              size="sm"
              aria-label={t.search}
              placeholder={t.search}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            {tags.length === 0 ? null : (
              <Select
                label={t.tag}
                value={tags.includes(tag) ? tag : ''}
                items={[{ value: '', label: t.allTags }, ...tags.map((one) => ({ value: one, label: one }))]}
                onChange={setTag}
              />
            )}
            <span className={styles['space']} />
            {chosen.length === 0 ? null : (
              <>
                <span className={classes(styles['muted'], 'figures')} role="status">
                  {chosen.length > compared.length
                    ? fill(t.chosenMany, { count: formatCount(chosen.length), shown: compared.length })
                    : fill(t.chosen, { count: chosen.length })}
                </span>
                <Button
                  size="sm"
                  variant="quiet"
                  onClick={() => setDoomed(chosen.filter(({ state }) => state !== 'running'))}
                >
                  {t.deleteChosen}
                </Button>
                <Button size="sm" variant="quiet" onClick={() => chooseRuns([])}>
                  {t.clearChosen}
                </Button>
              </>
            )}
            <Menu
              align="end"
              trigger={<Button size="sm">{t.save}</Button>}
              groups={[
                {
                  actions: [
                    { id: 'csv', label: t.saveCsv, onSelect: () => saveFile('runs.csv', runsCsv(found), 'text/csv') },
                    {
                      id: 'jsonl',
                      label: t.saveJsonl,
                      onSelect: () => saveFile('runs.jsonl', runLines(found), 'application/jsonl'),
                    },
                  ],
                },
              ]}
            />
          </div>
          {runs.length === 0 ? (
            isLoading ? null : (
              <EmptyState title={t.empty} hint={t.emptyHint} />
            )
          ) : found.length === 0 ? (
            <EmptyState title={t.nothingFound} />
          ) : (
            <RunsTable runs={found} chosen={ids} sort={sort} onSort={setSort} onChange={reload} />
          )}
          <DeleteRun runs={doomed} onClose={() => setDoomed([])} onDone={reload} />
        </div>
        <div className={styles['detail']}>
          <div className={styles['bar']}>
            <Segments<RunsView>
              label={t.view}
              value={view}
              choice={views}
              language={language}
              onChange={showRunsView}
            />
          </div>
          {view === 'sweep' ? (
            <SweepPane runs={runs} />
          ) : view === 'race' ? (
            <RacePane runs={runs} />
          ) : view === 'tradeoff' ? (
            <Tradeoff runs={found} chosen={ids} />
          ) : chosen.length === 0 ? (
            <EmptyState title={t.chooseToCompare} hint={t.chooseToCompareHint} />
          ) : view === 'curves' ? (
            <div className={styles['curves']}>
              <OverlaidCharts runs={compared} nameOf={nameOf} />
            </div>
          ) : (
            <ComparedSettings runs={compared} />
          )}
        </div>
      </div>
    </section>
  );
}
