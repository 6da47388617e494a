import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The fonts of figures as files of the build, with where they come from. */
const sources = {
  'Inter-Regular.ttf': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  'Inter-SemiBold.ttf': '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
} as const;

/** A font of figures. */
export type FontFile = keyof typeof sources;

/** As much of a bundler's plugin as copying needs. */
type AssetPlugin = {
  readonly name: string;
  generateBundle(this: {
    emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: Uint8Array }): string;
  }): Promise<void>;
};

/** Puts the fonts of figures beside the bundles: a machine need not have them. */
export function fontsAsset(): AssetPlugin {
  return {
    name: 'convloom:fonts',
    async generateBundle() {
      const require = createRequire(import.meta.url);
      for (const [fileName, path] of Object.entries(sources)) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(require.resolve(path)) });
      }
    },
  };
}
