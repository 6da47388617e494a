import { existsSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { webgpuProvider } from '../../electron/engines/onnxruntime/library';
import { OnnxGraph } from '../../electron/engines/onnxruntime/onnxGraph';
import { errorText } from '../../shared/text';

/** A browser's software Vulkan driver, which Dawn accepts where there is no graphics card; Mesa's it refuses. */
function softwareDriver(): string | undefined {
  const browsers = join(homedir(), '.cache', 'ms-playwright');
  const downloaded = existsSync(browsers) ? readdirSync(browsers) : [];
  const folders = [
    join(import.meta.dirname, '../../node_modules/electron/dist'),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    ...downloaded.flatMap((name) => ['chrome-linux', 'chrome-linux64'].map((inner) => join(browsers, name, inner))),
  ];
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path));
}

/**
 * Opens a WebGPU adapter, a software one where need be, and keeps it: sessions share its compiled shaders, and the last one to go
 * takes them with it. Gives the reason where there is none. The product itself counts no software adapter.
 */
export async function openWebgpuAdapter(): Promise<{ readonly reason: string | null }> {
  const driver = process.platform === 'linux' && !existsSync('/dev/dri') ? softwareDriver() : undefined;
  if (driver !== undefined) process.env['VK_ICD_FILENAMES'] ??= driver;
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir();
  try {
    const { InferenceSession } = await import('onnxruntime-node');
    const graph = new OnnxGraph('webgpu');
    graph.output('y', graph.input('x', 'float32', ['batch']), 'float32');
    kept = await InferenceSession.create(graph.encode(), { executionProviders: [webgpuProvider], logSeverityLevel: 3 });
    return { reason: null };
  } catch (error) {
    return { reason: errorText(error).split('\n')[0] ?? '' };
  }
}

/** Held as long as the test's process lives. */
export let kept: unknown = null;
