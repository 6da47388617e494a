import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The licence of one package that a bundle has parts of. */
export type PackageLicence = {
  readonly name: string;
  readonly version: string;
  /** As its manifest says, in the words of SPDX. */
  readonly licence: string;
  /** Its licence file and notice; where it brings none, the words that its licence has everywhere. Empty where that is not known. */
  readonly text: string;
};

/** The MIT licence as its packages word it; some of them bring none. Source: opensource.org/license/mit. */
const mitText = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const licenceFile = /^(?:licen[cs]e|copying|notice|ofl)(?:[-.].*)?$/i;

type Manifest = { readonly name: string; readonly version: string; readonly license: string; readonly author: string };

function readManifest(dir: string): Manifest | null {
  const path = join(dir, 'package.json');
  if (!existsSync(path)) return null;
  const raw = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<keyof Manifest, unknown>>;
  const { name, version, license, author } = raw;
  // A folder of a package may have a manifest that says nothing but how its modules are read.
  if (typeof name !== 'string' || typeof version !== 'string') return null;
  const person: unknown = typeof author === 'object' && author !== null && 'name' in author ? author.name : author;
  return {
    name,
    version,
    license: typeof license === 'string' ? license : 'unknown',
    author: typeof person === 'string' ? person : `the authors of ${name}`,
  };
}

/** The package that a module is of; null for the app's own. */
function packageOf(module: string): string | null {
  const path = module.replace(/^\0+/, '').replace(/\?.*$/, '').replaceAll('\\', '/');
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0) return null;
  const parts = path.slice(at + '/node_modules/'.length).split('/');
  const name = parts.slice(0, parts[0]?.startsWith('@') === true ? 2 : 1).join('/');
  return path.slice(0, at) + '/node_modules/' + name;
}

/** The licences of the packages that modules are of, by name. */
export function licencesOf(modules: Iterable<string>): readonly PackageLicence[] {
  const dirs = new Set([...modules].map(packageOf).filter((dir) => dir !== null));
  const found = [...dirs].flatMap((dir): readonly PackageLicence[] => {
    const manifest = readManifest(dir);
    if (manifest === null) return [];
    const files = readdirSync(dir, { withFileTypes: true }).filter(
      (entry) => entry.isFile() && licenceFile.test(entry.name),
    );
    const texts = files.map(({ name }) => readFileSync(join(dir, name), 'utf8').trim());
    const { name, version, license, author } = manifest;
    if (texts.length === 0 && license === 'MIT') texts.push(`Copyright (c) ${author}\n\n${mitText}`);
    return [{ name, version, licence: license, text: texts.join('\n\n') }];
  });
  return found.sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** The licences as one text, for people. */
export function licencesText(licences: readonly PackageLicence[]): string {
  const head = 'Convloom is made with the following packages. Each is used under its own licence.\n';
  const parts = licences.map(
    ({ name, version, licence, text }) => `${'='.repeat(78)}\n${name} ${version}: ${licence}\n\n${text}\n`,
  );
  return [head, ...parts].join('\n');
}

/** As much of a bundler's plugin as this needs. */
type LicencePlugin = {
  readonly name: string;
  generateBundle(this: {
    getModuleIds(): Iterable<string>;
    emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: string }): string;
  }): void;
};

/** The file of a bundle's folder that has the licences of what is in the bundle. */
export const licencesName = 'THIRD-PARTY.txt';

/** Puts the licences of what is bundled beside the bundle. `also`: modules of packages that come along without being bundled. */
export function licencesAsset(also: readonly string[] = []): LicencePlugin {
  return {
    name: 'convloom:licences',
    generateBundle() {
      const source = licencesText(licencesOf([...this.getModuleIds(), ...also]));
      this.emitFile({ type: 'asset', fileName: licencesName, source });
    },
  };
}

/** Where a package lies that modules below `from` find; used for those that are copied as they are. */
export function packageModule(from: string, name: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, 'node_modules', name, 'package.json');
    if (existsSync(path) || dirname(dir) === dir) return path;
  }
}
