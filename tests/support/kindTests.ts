import { relative } from 'node:path';
import ts from 'typescript';

/** Calls that ask whether a list holds a value. */
const membership: ReadonlySet<string> = new Set(['includes', 'indexOf', 'some', 'has']);

/** What types say; without a checker, the worst is taken of every expression. */
type Checker = ts.TypeChecker | null;

/** Any string at all, or every kind: what a node's kind is. */
function isWide(node: ts.Expression, kinds: ReadonlySet<string>, checker: Checker): boolean {
  if (checker === null) return true;
  const type = checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => (part.flags & ts.TypeFlags.String) !== 0)) return true;
  const literals = new Set(parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : [])));
  return [...kinds].every((kind) => literals.has(kind));
}

/** A record keyed by kinds that any string may index. */
function isKeyed(node: ts.ObjectLiteralExpression, kinds: ReadonlySet<string>, checker: Checker): boolean {
  const names = node.properties.flatMap(({ name }) =>
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
  );
  if (names.filter((name) => kinds.has(name)).length < 2) return false;
  const type = checker?.getContextualType(node);
  return (
    checker === null || (type !== undefined && checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined)
  );
}

function decides(node: ts.Node, kinds: ReadonlySet<string>, checker: Checker): boolean {
  const isKind = (one: ts.Node): boolean => ts.isStringLiteralLike(one) && kinds.has(one.text);
  const isList = (one: ts.Node): boolean =>
    ts.isArrayLiteralExpression(one) && one.elements.length > 0 && one.elements.every(isKind);
  if (ts.isBinaryExpression(node) && /^[!=]==?$/.test(node.operatorToken.getText())) {
    const { left, right } = node;
    return (isKind(left) && isWide(right, kinds, checker)) || (isKind(right) && isWide(left, kinds, checker));
  }
  if (ts.isCaseClause(node)) return isKind(node.expression) && isWide(node.parent.parent.expression, kinds, checker);
  if (ts.isPropertyAccessExpression(node)) return membership.has(node.name.text) && isList(unwrap(node.expression));
  if (ts.isNewExpression(node)) {
    const [first] = node.arguments ?? [];
    if (first === undefined || !ts.isArrayLiteralExpression(first)) return false;
    const keys = first.elements.map((element) =>
      ts.isArrayLiteralExpression(element) ? element.elements[0] : element,
    );
    return keys.length > 1 && keys.every((key) => key !== undefined && isKind(key));
  }
  return ts.isObjectLiteralExpression(node) && isKeyed(node, kinds, checker);
}

function findIn(source: ts.SourceFile, kinds: ReadonlySet<string>, checker: Checker): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (decides(node, kinds, checker)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${relative(process.cwd(), source.fileName)}:${line + 1} ${node.getText().split('\n')[0] ?? ''}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * Finds where files decide something by the name of a layer kind: a comparison of any string with such a literal, a `case`, a list
 * or set that is asked for membership, a record keyed by kinds that any string may index. A value whose type is a union of its own
 * (a head's form, an op's name) is none, even where its words are those of kinds; nor is a kind that is created. Types are looked up
 * only for the few files where a word could be one.
 */
export function findKindTests(
  files: readonly string[],
  kinds: ReadonlySet<string>,
  options: ts.CompilerOptions,
  read: (file: string) => string,
): readonly string[] {
  const suspects = files.filter((file) => {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2023, true);
    return findIn(source, kinds, null).length > 0;
  });
  const host = ts.createCompilerHost(options);
  const own = new Set(suspects);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    own.has(name) ? ts.createSourceFile(name, read(name), ts.ScriptTarget.ES2023, true) : fromDisk(name, ...rest);
  const program = ts.createProgram(suspects, options, host);
  const checker = program.getTypeChecker();
  return suspects.flatMap((file) => {
    const source = program.getSourceFile(file);
    return source === undefined ? [] : findIn(source, kinds, checker);
  });
}

/** An expression without the parentheses and assertions around it. */
function unwrap(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) ? unwrap(node.expression) : node;
}
