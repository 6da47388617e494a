import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A text of the sources: where it stands, and what it says in either language. A text in a list has its Chinese alone. */
export type FoundText = { readonly at: string; readonly en: string | null; readonly zh: string };

const root = join(import.meta.dirname, '..', '..');
const han = /\p{Script=Han}/u;

function sourcesIn(dir: string): readonly string[] {
  return readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The words of a literal, with a gap where a template puts something; null for what is none. */
function wordsOf(node: ts.Node | undefined): string | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => ` … ${span.literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node)) {
    const [left, right] = [wordsOf(node.left), wordsOf(node.right)];
    return left === null || right === null ? null : left + right;
  }
  if (ts.isParenthesizedExpression(node)) return wordsOf(node.expression);
  return null;
}

/** Search words: there a thing is called whatever people call it. */
function isSearchWord(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isPropertyAssignment(at) && ['synonyms', 'names'].includes(at.name.getText())) return true;
  }
  return false;
}

/** The message of the other language under the same key: catalogues are `const en = {…}` and `const zh = {…}` in one file. */
function englishOfKey(node: ts.Node): string | null {
  const { parent } = node;
  if (!ts.isPropertyAssignment(parent)) return null;
  const key = parent.name.getText();
  const catalogue = parent
    .getSourceFile()
    .statements.flatMap((statement) =>
      ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
    )
    .find(({ name }) => name.getText() === 'en');
  let found: string | null = null;
  const visit = (at: ts.Node): void => {
    if (ts.isPropertyAssignment(at) && at.name.getText() === key) found = wordsOf(at.initializer);
    else ts.forEachChild(at, visit);
  };
  if (catalogue !== undefined) visit(catalogue);
  return found;
}

/** Every Chinese text in the sources of the app, with its English where that stands before it, as `text(en, zh)` has it, or under its key. */
export function findTexts(): readonly FoundText[] {
  const found: FoundText[] = [];
  for (const path of ['shared', 'renderer', 'electron', 'templates'].flatMap(sourcesIn)) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const words = wordsOf(node);
      if (words !== null && han.test(words)) {
        if (isSearchWord(node)) return;
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const at = `${relative(root, path)}:${line}`;
        const { parent } = node;
        const place = ts.isCallExpression(parent) ? parent.arguments.indexOf(node as ts.Expression) : 0;
        const before = ts.isCallExpression(parent) && place > 0 ? wordsOf(parent.arguments[place - 1]) : null;
        found.push({ at, en: before ?? englishOfKey(node), zh: words });
        return;
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}
