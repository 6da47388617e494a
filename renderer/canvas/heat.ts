import {
  formatHeat,
  heatOf,
  heatText,
  isOfRun,
  type HeatMap,
  type HeatMeasure,
  type MeasuredHeat,
  type NodeHeat,
  type NodeMeasures,
} from '../../shared/analysis/heat';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { choiceNames, figureChoices } from '../../shared/schema/figures';
import { formatShare, type Language } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { useProject } from '../session';
import type { UiState } from '../store/ui';
import { remember, useUi } from '../store/ui';
import { announce } from './announce';
import { layerMeasures, useLayerMeasures } from './health';
import { titleById } from './speech';
import { measureTimes, nodeTimes, stopMeasuring, useNodeTimes } from './times';

const key = 'canvas.heat';

/** What the window's layers are coloured by; null for their families. */
export function heatMeasure({ layout }: Pick<UiState, 'layout'>): HeatMeasure | null {
  const chosen = choiceNames(figureChoices.heat).find((name) => name === layout[key]) ?? 'none';
  return chosen === 'none' ? null : chosen;
}

/** As {@link heatMeasure}, of this window; renders again when it changes. */
export function useHeatMeasure(): HeatMeasure | null {
  return useUi(heatMeasure);
}

/** Colours layers by a measure, or by their families again, and says where the most is. Times are measured first. */
export function chooseHeat(session: Session, measure: HeatMeasure | null): void {
  const isNew = measure !== heatMeasure(useUi.getState());
  remember(key, measure ?? 'none');
  const t = messages('seeing', useUi.getState().language);
  if (measure !== 'time') stopMeasuring(session);
  if (measure === null) announce(session, t.announceHeatOff);
  else if (measure === 'time' && isNew && nodeTimes(session) === null) void measureHeat(session);
  else announceHeat(session, measure);
}

/** Measures the time of each layer, and says where the most of it goes. */
export async function measureHeat(session: Session): Promise<void> {
  announce(session, messages('seeing', useUi.getState().language).announceMeasuring);
  if ((await measureTimes(session)) && heatMeasure(useUi.getState()) === 'time') announceHeat(session, 'time');
}

function announceHeat(session: Session, measure: HeatMeasure): void {
  const { language } = useUi.getState();
  const t = messages('seeing', language);
  const { document, analysis } = session.project.getState();
  const [id, hottest] = [...heatOf(analysis, measure, heatSource(session, measure).measured).values].reduce<
    readonly [string, NodeHeat] | []
  >((most, one) => ((most[1]?.value ?? 0) < one[1].value ? one : most), []);
  const name = figureChoices.heat[measure][language];
  announce(
    session,
    id === undefined || hottest === undefined
      ? `${t.heat}: ${name}`
      : fill(hottest.share === null ? t.announceMost : t.announceHeat, {
          measure: name,
          node: titleById(document, analysis, id)[language],
          value: formatHeat(measure, hottest.value),
          percent: formatShare(hottest.share ?? 0),
        }),
  );
}

/** What heat is told by: the measure, and what was measured of it where a network alone does not have it. */
export type HeatSource = { readonly measure: HeatMeasure | null; readonly measured: NodeMeasures | null };

/** What the layers of a session are coloured by now. */
export function heatSource(session: Session, measure = heatMeasure(useUi.getState())): HeatSource {
  const ofRun = measure !== null && isOfRun(measure) ? layerMeasures(session, measure) : null;
  return { measure, measured: measure === 'time' ? nodeTimes(session) : ofRun };
}

/** All that was measured of the nodes of this component's session, by what it measures. */
export function useMeasures(): { readonly [M in MeasuredHeat]: NodeMeasures | null } {
  return { time: useNodeTimes(), gradient: useLayerMeasures('gradient'), dead: useLayerMeasures('dead') };
}

/** As {@link heatSource}, for a component. */
export function useHeatSource(): HeatSource {
  const measure = useHeatMeasure();
  const time = useNodeTimes();
  const ofRun = useLayerMeasures(measure !== null && isOfRun(measure) ? measure : null);
  return { measure, measured: measure === 'time' ? time : ofRun };
}

/** What a node's card says of its heat; empty for one that costs nothing, or while there is no heat. */
export function heatWords({ measure, measured }: HeatSource, analysis: NetworkAnalysis, id: string): string {
  const heat = measure === null ? undefined : heatOf(analysis, measure, measured).values.get(id);
  return measure === null || heat === undefined ? '' : heatText(measure, heat);
}

/** The same as a screen reader says it: "401 k, 93 % of all parameters". */
export function spokenHeat(
  { measure, measured }: HeatSource,
  analysis: NetworkAnalysis,
  id: string,
  language: Language,
): string {
  const heat = measure === null ? undefined : heatOf(analysis, measure, measured).values.get(id);
  if (measure === null || heat === undefined) return '';
  const name = figureChoices.heat[measure][language];
  const value = formatHeat(measure, heat.value);
  if (heat.share === null) return `${name} ${value}`;
  if (heat.value === 0) return '';
  return fill(messages('seeing', language).heatShare, {
    value,
    percent: formatShare(heat.share),
    measure: name.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()),
  });
}

/** The heat of this component's network as it is drawn; null while there is none. */
export function useHeatMap(): HeatMap | null {
  const { measure, measured } = useHeatSource();
  const isEmpty = useProject(({ document }: { readonly document: NetworkDocument }) => document.nodes.length === 0);
  const heat = useProject(({ analysis }) => (measure === null ? null : heatOf(analysis, measure, measured)));
  return isEmpty ? null : heat;
}
