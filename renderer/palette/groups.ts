import type { AnyLayerDefinition, LayerFamily } from '../../shared/layers/define';
import { searchLayers, type LayerChoice } from '../../shared/layers/names';

const groupNames = ['groupBuild', 'groupCombine', 'groupShape', 'groupNorm'] as const;

/** A heading of the palette, as the messages name it. */
export type GroupName = (typeof groupNames)[number];

const groupOf: { readonly [F in LayerFamily]: GroupName } = {
  io: 'groupBuild',
  conv: 'groupBuild',
  activation: 'groupBuild',
  pool: 'groupBuild',
  fc: 'groupBuild',
  gap: 'groupBuild',
  upconv: 'groupBuild',
  merge: 'groupCombine',
  shape: 'groupShape',
  norm: 'groupNorm',
};

export type PaletteGroup = { readonly name: GroupName; readonly members: readonly LayerChoice[] };

/** The layers that a query finds by any of their names, under their headings; the heading of the best comes first. */
export function paletteGroups(layers: readonly AnyLayerDefinition[], query: string): readonly PaletteGroup[] {
  const found = searchLayers(layers, query);
  const names = query === '' ? groupNames : new Set(found.map(({ definition }) => groupOf[definition.family]));
  return [...names].flatMap((name) => {
    const members = found.filter(({ definition }) => groupOf[definition.family] === name);
    return members.length === 0 ? [] : [{ name, members }];
  });
}
