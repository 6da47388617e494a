import type { SettledInitializer } from '../../compile/startingLaw';
import type { NamedWeight } from '../../compile/lowering';
import { listed } from './layout';
import type { PlacedWeight } from './weightTable';

/** What `check.safetensors` holds: of each input and each output of the network, in order, one sample as Convloom has it. */
export const checkFile = 'check.safetensors';
export const weightsFile = 'weights.safetensors';
export const classesFile = 'classes.json';

type Law = Extract<SettledInitializer, { readonly fanIn: number }>['type'] | 'zeros';

const lawNames: { readonly [L in Law]: string } = {
  heNormal: 'he_normal',
  heUniform: 'he_uniform',
  glorotNormal: 'glorot_normal',
  glorotUniform: 'glorot_uniform',
  lecunNormal: 'lecun_normal',
  lecunUniform: 'lecun_uniform',
  zeros: 'zeros',
};

/** How the kernels of a network start: a law for most, and those that start otherwise by their place. */
export function startingLaws(
  weights: readonly NamedWeight[],
  table: readonly PlacedWeight[],
): { readonly common: string; readonly others: readonly string[] } {
  const places = new Map(table.map(({ name, place }) => [name, place]));
  const laws = weights.flatMap(({ name, shape, initializer: { type } }) => {
    const place = places.get(name);
    const isLaw = type in lawNames && (type !== 'zeros' || shape.length > 1);
    return isLaw && shape.length > 1 && place !== undefined ? [[place, lawNames[type as Law]] as const] : [];
  });
  const counts = new Map<string, number>();
  for (const [, law] of laws) counts.set(law, (counts.get(law) ?? 0) + 1);
  const [[common] = ['he_normal']] = [...counts].sort(([, a], [, b]) => b - a);
  return { common, others: laws.flatMap(([place, law]) => (law === common ? [] : [`"${place}": "${law}"`])) };
}

/** The constants of `initialize.py`. */
export function lawLines({ common, others }: ReturnType<typeof startingLaws>): readonly string[] {
  return [
    '# How kernels start, and those that start otherwise: what follows a kernel decides.',
    `LAW = "${common}"`,
    ...listed('OTHER_LAWS: dict[str, str] = {', others, '}'),
  ];
}

/** What reads Parquet files, for projects that train. */
export const parquetReader = 'pyarrow>=16';

/** The `pyproject.toml` of a printed project. */
export function pyproject(name: string, dependencies: readonly string[], python = '3.10'): string {
  return `[project]
name = "${name}"
version = "0.1.0"
requires-python = ">=${python}"
dependencies = [
${dependencies.map((one) => `    "${one}",`).join('\n')}
]

[tool.uv]
package = false

[tool.ruff]
line-length = 100

[tool.mypy]
strict = true
`;
}

/** What follows it where a project trains: what such a library says of its types differs from one release to the next. */
export function untyped(modules: readonly string[]): string {
  return `
[[tool.mypy.overrides]]
module = [${modules.map((one) => `"${one}"`).join(', ')}]
ignore_missing_imports = true
`;
}
