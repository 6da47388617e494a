import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { lazy, Suspense } from 'react';
import { actionOf, keysOf } from '../actions';
import { RulesPanel } from '../grading/RulesPanel';
import { useText } from '../i18n';
import { useSession } from '../session';
import { ProblemCount, ProblemList } from '../problems/ProblemList';
import type { DockTab } from '../store';
import { dockTabs, setPanelHidden, showDockTab, useUi } from '../store';
import { EmptyState } from '../ui/EmptyState';
import { IconButton } from '../ui/IconButton';
import { later } from '../ui/later';
import { Tabs } from '../ui/Tabs';
import styles from './Dock.module.css';
import { ErrorBoundary } from './ErrorBoundary';

const TrainingPanel = later(async () => (await import('../training/TrainingPanel')).TrainingPanel);
/** Reads every picture, so it is there when somebody asks for it. */
const DataPanel = lazy(async () => ({ default: (await import('../data/DataPanel')).DataPanel }));
const ComparePanel = later(async () => (await import('../compare/ComparePanel')).ComparePanel);
const ImportPanel = later(async () => (await import('../imports/ImportPanel')).ImportPanel);
const RunsPanel = later(async () => (await import('../runs/RunsPanel')).RunsPanel);
/** The editor is most of the app's code: it is fetched when the tab is first opened. */
const CodePanel = lazy(async () => ({ default: (await import('../code/CodePanel')).CodePanel }));

/** What looks into networks is fetched when somebody does. */
const InsidePanel = lazy(async () => ({ default: (await import('../maps/InsidePanel')).InsidePanel }));
/** Matrix and pictures are for whoever has trained. */
const ResultsPanel = lazy(async () => ({ default: (await import('../results/ResultsPanel')).ResultsPanel }));

function TabContent({ tab }: { readonly tab: DockTab }): ReactNode {
  switch (tab) {
    case 'problems':
      return <ProblemList />;
    case 'data':
      return <DataPanel />;
    case 'training':
      return <TrainingPanel />;
    case 'code':
      return <CodePanel />;
    case 'compare':
      return <ComparePanel />;
    case 'rules':
      return <RulesPanel />;
    case 'runs':
      return <RunsPanel />;
    case 'imports':
      return <ImportPanel />;
    case 'inside':
      return <InsidePanel />;
    case 'results':
      return <ResultsPanel />;
  }
}

/** The tabs that there is something for: a network that was drawn here has no import to tell of. */
function useTabs(): readonly DockTab[] {
  const { imported } = useSession();
  return imported === null ? dockTabs.filter((name) => name !== 'imports') : dockTabs;
}

/** Problems, training, code, comparison and rules, below the canvas. */
export function Dock() {
  const { t } = useText('app');
  const tabs = useTabs();
  const chosen = useUi((state) => state.dockTab);
  const tab = tabs.includes(chosen) ? chosen : 'problems';
  return (
    <Tabs
      label={t.dockPanel}
      value={tab}
      onChange={showDockTab}
      items={tabs.map((name) => ({
        value: name,
        label: t[name],
        ...(name === 'problems' ? { badge: <ProblemCount /> } : {}),
        content: (
          <ErrorBoundary>
            <Suspense fallback={<EmptyState title={t.loading} />}>
              <TabContent tab={name} />
            </Suspense>
          </ErrorBoundary>
        ),
      }))}
      trailing={
        <IconButton
          size="sm"
          side="top"
          label={t.hideDock}
          {...keysOf(actionOf('toggle.dock'))}
          icon={<ChevronDown size={15} />}
          onClick={() => setPanelHidden('dock', true)}
        />
      }
    />
  );
}

/** What is left of the dock while it is hidden: its tabs, each of which opens it. */
export function DockBar() {
  const { t } = useText('app');
  const tabs = useTabs();
  return (
    <nav className={styles['bar']} aria-label={t.dockPanel}>
      {tabs.map((name) => (
        <button key={name} type="button" className={styles['tab']} onClick={() => showDockTab(name)}>
          {t[name]}
          {name === 'problems' ? <ProblemCount /> : null}
        </button>
      ))}
      <span className={styles['space']} />
      <IconButton
        size="sm"
        side="top"
        label={t.showDock}
        {...keysOf(actionOf('toggle.dock'))}
        icon={<ChevronUp size={15} />}
        onClick={() => setPanelHidden('dock', false)}
      />
    </nav>
  );
}
