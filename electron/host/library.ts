import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSetAside } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { parseNetwork, serializeNetwork } from '../../shared/document';
import { blockNamed } from '../../shared/document/blocks';
import type { KeptBlock, NetworkDocument } from '../../shared/schema/document';
import { writeFileAtomically } from '../files/atomicFile';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { readRegularText } from '../files/regularFile';
import { whyFull } from './storeRoom';
import { createTurns } from './turns';

/** The user's own blocks. */
export type Library = {
  /** By name. */
  list(): Promise<Result<readonly KeptBlock[]>>;
  /** Keeps a block, in place of one of the same name. */
  keep(block: KeptBlock): Promise<Result<Record<string, never>>>;
  forget(name: string): Promise<Result<Record<string, never>>>;
};

/** A kept block as a network of one node, so that its file opens by itself. */
function documentOf({ name, blocks }: KeptBlock): NetworkDocument {
  const nodes = [{ id: 'block', kind: 'block', params: { block: name } }];
  return { format: 'convloom.network', version: 2, name, blocks, nodes, edges: [] };
}

function blockOf(document: NetworkDocument): KeptBlock | null {
  const [node] = document.nodes;
  const name = node === undefined ? null : blockNamed(node);
  const { blocks = {} } = document;
  return name !== null && Object.hasOwn(blocks, name) ? { name, blocks } : null;
}

/** The user's own blocks in the data folder, a file for each: two apps write the same file only where they mean the same name. */
export function createLibrary(dataDir: string, report: (diagnostic: Diagnostic) => void): Library {
  const dir = join(dataDir, 'blocks');
  const inTurn = createTurns();
  // A name is the user's own word; only its digest becomes a file name.
  const fileOf = (name: string): string =>
    join(dir, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.convloom`);
  const read = async (path: string): Promise<KeptBlock | null> => {
    let text: string;
    try {
      text = await readRegularText(path);
    } catch {
      return null;
    }
    const parsed = parseNetwork(text);
    const block = parsed.ok ? blockOf(parsed.value) : null;
    if (block !== null) return block;
    const aside = `${path}.damaged`;
    await rename(path, aside).catch(() => undefined);
    report(fileSetAside(path, aside, parsed.ok ? 'It holds no block.' : (parsed.diagnostics[0]?.summary.en ?? '')));
    return null;
  };
  return {
    list: async () => {
      try {
        const names = (await readdir(dir)).filter((name) => name.endsWith('.convloom'));
        const blocks = await Promise.all(names.map((name) => read(join(dir, name))));
        return success(blocks.filter((block) => block !== null).sort((a, b) => a.name.localeCompare(b.name)));
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? success([]) : failure(fileDiagnostic(error, dir, 'list'));
      }
    },
    keep: (block) =>
      inTurn('keep', async () => {
        const path = fileOf(block.name);
        try {
          await mkdir(dir, { recursive: true });
          const full = existsSync(path) ? null : await whyFull('blocks', dir, (name) => name.endsWith('.convloom'));
          if (full !== null) return failure(full);
          await writeFileAtomically(path, serializeNetwork(documentOf(block)));
          return success({});
        } catch (error) {
          return failure(fileDiagnostic(error, path, 'save'));
        }
      }),
    forget: async (name) => {
      const path = fileOf(name);
      try {
        await unlink(path);
        return success({});
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? success({}) : failure(fileDiagnostic(error, path, 'delete'));
      }
    },
  };
}
