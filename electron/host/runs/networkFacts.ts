import { join } from 'node:path';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { structureDigest } from '../../../shared/document/digest';
import { parseNetwork } from '../../../shared/document/parse';
import type { NetworkDocument } from '../../../shared/schema/document';
import { limits } from '../../../shared/schema/limits';
import type { RunNetwork } from '../../../shared/training/runTable';
import { readRegularText } from '../../files/regularFile';
import { runFiles } from '../../files/runRecord';
import type { RunRecord } from '../../files/runRecord';

/** What a table of runs tells of a network. */
export function networkFacts(document: NetworkDocument): RunNetwork {
  const { params, trainableParams, macs } = analyzeNetwork(document).totals;
  return { name: document.name, digest: structureDigest(document), params, trainableParams, macs };
}

/**
 * The networks of runs: as their records have them, else read from their folders, once, as a run's network never changes. Null where it
 * cannot be read.
 */
export function createNetworkFacts(): (dir: string, record: RunRecord) => Promise<RunNetwork | null> {
  const read = new Map<string, RunNetwork | null>();
  return async (dir, { network }) => {
    if (network !== undefined) return network;
    const known = read.get(dir);
    if (known !== undefined) return known;
    const facts = await readRegularText(join(dir, runFiles.network), limits.documentBytes)
      .then((content) => {
        const parsed = parseNetwork(content);
        return parsed.ok ? networkFacts(parsed.value) : null;
      })
      .catch(() => null);
    read.set(dir, facts);
    return facts;
  };
}
