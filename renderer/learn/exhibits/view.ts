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
};
