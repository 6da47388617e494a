import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isWhole } from '../../../support/isWhole';

const renderer = join(import.meta.dirname, '..', '..', '..', '..', 'renderer');
type Words = Readonly<Record<string, string>>;

/** Both languages of every room. */
const catalogues = Object.entries(
  import.meta.glob<{ readonly en?: Words; readonly zh?: Words }>('../../../../renderer/i18n/*.ts', { eager: true }),
).flatMap(([path, { en, zh }]) => (en && zh ? [{ room: basename(path, '.ts'), en, zh }] : []));

/** Every message that the sources read, as `room.key`: `t.key`, `t[keys]`, `editLabel(key)` and an action's `both(room, key)`, as the compiler resolves them. */
function readMessages(): ReadonlySet<string> {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(renderer, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  if (config === undefined) throw new Error('The renderer has no tsconfig.json.');
  const program = ts.createProgram(config.fileNames, config.options);
  const checker = program.getTypeChecker();
  const catalogue = /renderer\/i18n\/(\w+)\.ts$/;
  const read = new Set<string>();
  const roomOfLabels = new Map([
    ['editLabel', 'canvas'],
    ['blockLabel', 'blocks'],
    ['frameLabel', 'frames'],
  ]);
  const add = (symbol: ts.Symbol | undefined): void => {
    for (const { parent } of symbol?.declarations ?? []) {
      const room = catalogue.exec(parent.getSourceFile().fileName)?.[1];
      if (room !== undefined) read.add(`${room}.${symbol?.name ?? ''}`);
    }
  };
  const literals = (node: ts.Expression): readonly string[] => {
    const type = checker.getTypeAtLocation(node);
    return (type.isUnion() ? type.types : [type]).flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) add(checker.getSymbolAtLocation(node.name));
    if (ts.isElementAccessExpression(node)) {
      const owner = checker.getTypeAtLocation(node.expression);
      const keys = literals(node.argumentExpression);
      // A key that may be any is no use of one.
      if (keys.length < owner.getProperties().length) for (const key of keys) add(owner.getProperty(key));
    }
    const room = ts.isCallExpression(node) ? roomOfLabels.get(node.expression.getText()) : undefined;
    if (ts.isCallExpression(node) && room !== undefined) {
      for (const key of node.arguments.slice(0, 1).flatMap(literals)) read.add(`${room}.${key}`);
    }
    if (ts.isCallExpression(node) && ['both', 'filled'].includes(node.expression.getText())) {
      const [room, key] = node.arguments.map(literals);
      for (const name of key ?? []) read.add(`${room?.[0] ?? ''}.${name}`);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    if (file.fileName.startsWith(renderer) && !catalogue.test(file.fileName)) visit(file);
  }
  return read;
}

const placesOf = (message: string): readonly string[] =>
  [...message.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();

describe('the words of the app', () => {
  // The types of the whole page are made for it: half a minute.
  it.runIf(isWhole)(
    'are all read somewhere',
    () => {
      const read = readMessages();
      const names = catalogues.flatMap(({ room, en }) => Object.keys(en).map((key) => `${room}.${key}`));
      expect(names.length).toBeGreaterThan(300);
      expect(names.filter((name) => !read.has(name))).toEqual([]);
      // All of the page is compiled for it.
    },
    300_000,
  );

  it.each(catalogues)('are the same with the same places to fill in English and Chinese in $room', ({ en, zh }) => {
    const placesByKey = (words: Words) =>
      Object.fromEntries(Object.entries(words).map(([key, message]) => [key, placesOf(message)]));
    expect(placesByKey(zh)).toEqual(placesByKey(en));
  });
});
