/** `npm run templates`: writes the folders of templates/ from templates/build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './setup.mjs';

const { module } = await runnerImport(join(root, 'templates/build/index.ts'), { root, configFile: false });
for (const { path, text } of module.templateFiles()) {
  const file = join(root, 'templates', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
