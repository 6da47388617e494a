import { useState } from 'react';
import { useText } from '../i18n';
import { Tabs } from '../ui';
import { HeadActions } from './HeadActions';
import { HeadCurves } from './HeadCurves';
import { HeadLab } from './HeadLab';
import { NetworkDiff } from './NetworkDiff';
import { useHeadLab } from './useHeadLab';

type Tab = 'heads' | 'curves' | 'networks';

/** The head lab (the same trunk under several heads), what training them came to, and this network against another one. */
export function ComparePanel() {
  const { t } = useText('compare');
  const [chosen, setTab] = useState<Tab>('heads');
  const lab = useHeadLab();
  const hasCurves = lab.race.length > 0;
  const tab = chosen === 'curves' && !hasCurves ? 'heads' : chosen;
  return (
    <Tabs<Tab>
      label={t.compare}
      value={tab}
      onChange={setTab}
      trailing={tab !== 'networks' && lab.columns.length > 0 ? <HeadActions lab={lab} /> : null}
      items={[
        { value: 'heads', label: t.heads, content: <HeadLab lab={lab} /> },
        ...(hasCurves ? [{ value: 'curves' as const, label: t.curves, content: <HeadCurves race={lab.race} /> }] : []),
        { value: 'networks', label: t.networks, content: <NetworkDiff /> },
      ]}
    />
  );
}
