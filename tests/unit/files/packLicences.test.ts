import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licencesOf, licencesText, packageModule } from '../../../electron/files/packLicences';

const root = join(import.meta.dirname, '..', '..', '..');
const modules = [
  'react/index.js',
  'react/jsx-runtime.js',
  '@base-ui/react/dialog/index.js',
  'ws/wrapper.mjs?commonjs-proxy',
].map((path) => join(root, 'node_modules', path));

describe('the licences of what is bundled', () => {
  it('are those of the packages that the modules are of, each once, and not of the app itself', () => {
    const licences = licencesOf([...modules, join(root, 'shared', 'text.ts'), `\0${modules[0] ?? ''}`]);
    expect(licences.map(({ name, licence }) => [name, licence])).toEqual([
      ['@base-ui/react', 'MIT'],
      ['react', 'MIT'],
      ['ws', 'MIT'],
    ]);
    for (const { text } of licences) expect(text).toMatch(/permission is hereby granted/i);
  });

  it('are told with name and version, and the whole of the text', () => {
    const text = licencesText(licencesOf([packageModule(root, 'zod')]));
    expect(text).toMatch(/^zod \d+\.\d+\.\d+: MIT$/m);
    expect(text).toContain('Colin McDonnell');
  });

  it('have words also where a package brings none', () => {
    const [licence] = licencesOf([packageModule(root, 'onnxruntime-common')]);
    expect(licence?.text).toMatch(/^Copyright \(c\) .*\n\nPermission is hereby granted/);
  });
});
