import { createRequire } from 'node:module';
import * as nodeModule from 'node:module';
import type * as Compiler from 'typescript';

/** Takes the types out of a module of TypeScript. */
export type Stripper = (source: string) => string;

/** Where neither of the two that can is at hand. */
export const strippingNeeds = 'TypeScript needs Node.js 22.13 or newer to be run';

/**
 * What takes types out here: Node itself, or the compiler where the app runs from its sources. Null where there is neither: the app brings
 * no compiler along for it.
 */
export function findStripper(): Stripper | null {
  const own: unknown = Reflect.get(nodeModule, 'stripTypeScriptTypes');
  if (typeof own === 'function') return own as Stripper;
  try {
    const compiler = createRequire(import.meta.url)('typescript') as typeof Compiler;
    const { ModuleKind, ScriptTarget } = compiler;
    const compilerOptions = { target: ScriptTarget.ES2022, module: ModuleKind.ES2022 };
    return (source) => compiler.transpileModule(source, { compilerOptions }).outputText;
  } catch {
    return null;
  }
}
