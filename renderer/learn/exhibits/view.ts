import type { ComponentType } from 'react';
import { lazy } from 'react';
import type { Exhibit } from '../../../shared/learn/exhibits/exhibit';
import type { ExhibitNetwork } from './network';

/** What an exhibit's view is given. It shows its own `QuestionCard` once there is something to ask about. */
export type ExhibitViewProps = { readonly exhibit: Exhibit; readonly network: ExhibitNetwork };

type View = ComponentType<ExhibitViewProps>;

/** Every exhibit's view by its id, each fetched when it is opened. */
export const exhibitViews: { readonly [id: string]: View | undefined } = {
  window: lazy(async () => ({ default: (await import('./views/WindowView')).WindowView })),
  'feature-maps': lazy(async () => ({ default: (await import('./views/FeatureMapsView')).FeatureMapsView })),
  pools: lazy(async () => ({ default: (await import('./views/PoolingView')).PoolingView })),
  heads: lazy(async () => ({ default: (await import('./views/HeadsView')).HeadsView })),
  backward: lazy(async () => ({ default: (await import('./views/BackwardView')).BackwardView })),
  'score-map': lazy(async () => ({ default: (await import('./views/ScoreMapView')).ScoreMapView })),
  sharing: lazy(async () => ({ default: (await import('./views/SharingView')).SharingView })),
  folding: lazy(async () => ({ default: (await import('./views/FoldingView')).FoldingView })),
  slopes: lazy(async () => ({ default: (await import('./views/SlopesView')).SlopesView })),
  stamping: lazy(async () => ({ default: (await import('./views/StampingView')).StampingView })),
  sizes: lazy(async () => ({ default: (await import('./views/SizesView')).SizesView })),
  descent: lazy(async () => ({ default: (await import('./views/DescentView')).DescentView })),
  pixels: lazy(async () => ({ default: (await import('./views/PixelsView')).PixelsView })),
  masks: lazy(async () => ({ default: (await import('./views/MasksView')).MasksView })),
  restored: lazy(async () => ({ default: (await import('./views/RestoredView')).RestoredView })),
  labels: lazy(async () => ({ default: (await import('./views/LabelsView')).LabelsView })),
};
