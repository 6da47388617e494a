import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileProbe } from '../../shared/compile/probe';
import type { ProbeProgram } from '../../shared/compile/probe';
import { flatNetwork } from '../../shared/document/expand';
import { elementCount } from '../../shared/ops/tensor';
import type { TrainingConfig } from '../../shared/schema/training';
import type { LayerLook } from '../../shared/training/events';
import type { EngineSession } from '../engines/engine';
import { makeBatch } from './batches';
import type { PreparedRun } from './prepare';
import { deadShare, readNode, someOf } from './probing';

/** A second session has all weights once more: not of networks whose weights are large. */
const mostParams = 10_000_000;
/** A look is to cost about a hundredth of an epoch. */
const lookShare = 0.01;
const mostSamples = 32;
const fewestSamples = 4;

/** Looks into a run's layers at the end of its epochs. */
export type LayerWatch = {
  /** The layers as they are now; null where they cannot be looked into. */
  look(): Promise<readonly LayerLook[] | null>;
  dispose(): Promise<void>;
};

/** Three digits are enough for a curve, and keep a log of many layers short. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(3)) : null;
}

/**
 * Measures each layer's gradient and dead units over one batch of the training data, always the same, on the run's engine in a session of
 * its own, that is made at the first look. A network that is too large, or an engine that takes no second session, has no looks.
 */
export function createLayerWatch(run: PreparedRun, config: TrainingConfig): LayerWatch {
  let opened: { readonly probe: ProbeProgram; readonly session: EngineSession } | null = null;
  let isGivenUp = run.program.weights.reduce((sum, { shape }) => sum + elementCount(shape), 0) > mostParams;
  const { train, info } = run.dataset;
  const wanted = Math.ceil(lookShare * train.count);
  const indices = someOf(train, Math.min(mostSamples, config.batchSize, Math.max(fewestSamples, wanted)));

  const open = async (): Promise<typeof opened> => {
    const document = flatNetwork(run.document);
    const task = { kind: info.task, classCount: info.classes.length, hasIgnored: run.dataset.hasIgnored ?? false };
    const probe = compileProbe(document, analyzeNetwork(document), { ...config, task, ...run.comparison });
    if (!probe.ok) return null;
    const session = await run.choice.engine.compile(probe.value.program);
    return session.ok ? { probe: probe.value, session: session.value } : null;
  };
  return {
    look: async () => {
      if (isGivenUp) return null;
      try {
        opened ??= await open();
        if (opened === null) throw new Error('It cannot be looked into.');
        const { probe, session } = opened;
        await session.write(await run.session.read(probe.weights.map(({ name }) => name)));
        const feeds = { ...makeBatch(train, indices, run.form), ...probe.inputs(indices.length) };
        const outputs = await session.run('probe', feeds);
        return probe.nodes.map((node): LayerLook => {
          const { gradient, largest } = readNode(node, outputs);
          return {
            nodeId: node.id,
            gradient: gradient === null ? null : rounded(gradient),
            dead: largest === null ? null : rounded(deadShare(largest)),
          };
        });
      } catch {
        // The run goes on whatever becomes of a look at it.
        isGivenUp = true;
        return null;
      }
    },
    dispose: async () => {
      await opened?.session.dispose();
      opened = null;
    },
  };
}
