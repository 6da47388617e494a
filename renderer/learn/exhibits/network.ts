import { useMemo } from 'react';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyEdits } from '../../../shared/editing/applyEdits';
import type { Exhibit } from '../../../shared/learn/exhibits/exhibit';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Edit } from '../../../shared/schema/edits';
import type { RunState } from '../../../shared/training/runState';
import { isRunActive } from '../../../shared/training/runState';
import type { Inspected } from '../../maps/inspected';
import { useInspected } from '../../maps/inspected';
import { useRun, useSession } from '../../session';
import { useRequest } from '../../store/useRequest';
import { useEngines } from '../../training/engineStore';
import { shortConfig, useTraining } from './training';

/** The network that an exhibit runs on. */
export type ExhibitNetwork = Inspected & {
  readonly whose: 'own' | 'lesson';
  readonly run: RunState;
  readonly train: () => void;
};

const nothing: NetworkDocument = { format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] };

const unchanged: readonly Edit[] = [];

/** A template's network, prepared for an exhibit; null until it is here. */
export function useTemplateNetwork(template: string, prepare: readonly Edit[] = unchanged): ExhibitNetwork | null {
  const { value } = useRequest('templates.open', { id: template });
  const network = useMemo(() => {
    if (value === null) return null;
    const built = applyEdits(value, prepare);
    if (!built.ok) return null;
    const { data, seed } = { ...defaultTrainingConfig, ...built.value.train };
    const analysis = analyzeNetwork(built.value);
    return { document: built.value, analysis, seed, output: analysis.outputs[0] ?? '', spec: data };
  }, [value, prepare]);
  const training = useTraining(network?.document ?? nothing);
  return network === null ? null : { ...network, ...training, whose: 'lesson' };
}

/** The reader's own network, with the weights of its run. */
function useOwnNetwork(): ExhibitNetwork {
  const session = useSession();
  const inspected = useInspected();
  const run = useRun();
  const engine = useEngines((state) => state.choice);
  return {
    ...inspected,
    whose: 'own',
    run,
    train: () => {
      const { document } = inspected;
      if (!isRunActive(run)) void session.run.start(shortConfig(document, engine), document);
    },
  };
}

/** Both networks that an exhibit can run on; a null one is not to be had. */
export function useExhibitNetworks(exhibit: Exhibit): {
  readonly own: ExhibitNetwork | null;
  readonly lesson: ExhibitNetwork | null;
} {
  const own = useOwnNetwork();
  const lesson = useTemplateNetwork(exhibit.template, exhibit.prepare);
  const fits = useMemo(() => exhibit.fits(own.analysis, own.document), [exhibit, own.analysis, own.document]);
  return { own: fits ? own : null, lesson };
}
