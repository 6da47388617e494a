import type { AnyLayerDefinition, LayerFamily } from '../../shared/layers/define';

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

export type PaletteGroup = { readonly name: GroupName; readonly members: readonly AnyLayerDefinition[] };

/** The layers that every word of the query finds, by their names in both languages or their kind, under their headings. */
export function paletteGroups(layers: readonly AnyLayerDefinition[], query: string): readonly PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/);
  const found = layers.filter(({ label, kind }) => {
    const names = `${label.en} ${label.zh} ${kind}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
  return groupNames.flatMap((name) => {
    const members = found.filter(({ family }) => groupOf[family] === name);
    return members.length === 0 ? [] : [{ name, members }];
  });
}
