import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { drawnOut } from './networks';
import type { NetworkDocument } from '../../../shared/schema/document';

/** Builds renderer/bench apart from the app, into `outDir`: nothing of the benchmark travels in the app's own bundle. */
export type BuiltPages = {
  /** The text of the probe, to be run at the start of a page. */
  readonly probe: string;
  /** A folder with the floor as `index.html`. */
  readonly floorDir: string;
};

/** Compiles the probe and the floor page; takes about a second. Throws where the development packages are not installed. */
export async function buildPages(appRoot: string, outDir: string): Promise<BuiltPages> {
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  const root = join(appRoot, 'renderer', 'bench');
  const shared = { root, configFile: false, logLevel: 'silent', publicDir: false } as const;
  const probe = await build({
    ...shared,
    build: {
      write: false,
      lib: { entry: join(root, 'probe.ts'), formats: ['iife'], name: 'convloomProbeScript', fileName: 'probe' },
    },
  });
  await build({
    ...shared,
    plugins: [react()],
    // React's own development checks would be measured otherwise.
    define: { 'process.env.NODE_ENV': '"production"' },
    // The server's folder has a name of its own each time.
    base: './',
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(root, 'index.html') } },
  });
  return { probe: scriptOf(probe), floorDir: outDir };
}

const builtScript = z.object({ output: z.tuple([z.object({ code: z.string() })]) });

/** The only script of a build that was not written; a library's build comes as a list of one. */
function scriptOf(output: unknown): string {
  return z.array(builtScript).length(1).parse(output)[0]?.output[0].code ?? '';
}

/** Puts a network beside the floor page, in React Flow's words. */
export async function writeFloorNetwork(floorDir: string, document: NetworkDocument): Promise<void> {
  const { nodes, edges } = drawnOut(document);
  const network = {
    nodes: nodes.map(({ id, kind, position }) => ({ id, position: position ?? { x: 0, y: 0 }, data: { label: kind } })),
    edges: edges.map(({ from, to }) => ({ id: `${from}-${to}`, source: from, target: to })),
  };
  await writeFile(join(floorDir, 'network.json'), JSON.stringify(network));
}
