import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { isLossOfValues } from '../../shared/compile/losses';
import { fileNotFound } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { parseNetwork } from '../../shared/document/parse';
import type { TemplateInfo } from '../../shared/host/api';
import type { Shape } from '../../shared/layers/define';
import type { LossName } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { errorCode, fileDiagnostic } from '../files/fileErrors';

const idPattern = /^[a-z0-9-]{1,60}$/;
/** As much of a template's `reference.json` as the list shows. */
const referenceSchema = z.object({
  summary: z.object({ en: z.string(), zh: z.string() }),
  order: z.number().optional(),
});

type Listed = { readonly info: TemplateInfo; readonly order: number };

/** Reads a template by its id, which is the name of its folder. */
export async function openTemplate(templatesDir: string, id: string): Promise<Result<NetworkDocument>> {
  const path = join(templatesDir, id, 'network.json');
  if (!idPattern.test(id)) return failure(fileNotFound(path));
  try {
    return parseNetwork(await readFile(path, 'utf8'));
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'open'));
  }
}

/** A map of scores keeps the axes of the image, and so does a picture, whose values are not scores. */
function taskOf(answer: Shape, loss: LossName): TemplateInfo['task'] {
  if (answer.length <= 1) return 'classification';
  return loss !== 'auto' && isLossOfValues(loss) ? 'image-to-image' : 'segmentation';
}

async function describe(templatesDir: string, id: string): Promise<Listed | null> {
  const document = await openTemplate(templatesDir, id);
  if (!document.ok) return null;
  const analysis = analyzeNetwork(document.value);
  const [input] = analysis.inputs;
  const [output] = analysis.outputs;
  const answer = analysis.nodes.get(output ?? '')?.outputShape ?? [];
  const reference = await readFile(join(templatesDir, id, 'reference.json'), 'utf8').then(
    (raw) => referenceSchema.safeParse(JSON.parse(raw)).data,
    () => undefined,
  );
  const info: TemplateInfo = {
    id,
    name: document.value.name,
    summary: reference?.summary ?? text('', ''),
    task: taskOf(answer, document.value.train?.loss ?? 'auto'),
    params: analysis.totals.params,
    trainableParams: analysis.totals.trainableParams,
    macs: analysis.totals.macs,
    inputShape: analysis.nodes.get(input ?? '')?.outputShape ?? [],
  };
  return { info, order: reference?.order ?? Infinity };
}

/** The templates that come with the app, in their own order, smallest first where they give none. */
export async function listTemplates(templatesDir: string): Promise<Result<readonly TemplateInfo[]>> {
  try {
    const ids = (await readdir(templatesDir)).filter((id) => idPattern.test(id));
    const listed = (await Promise.all(ids.map((id) => describe(templatesDir, id)))).filter((entry) => entry !== null);
    listed.sort((a, b) => a.order - b.order || a.info.trainableParams - b.info.trainableParams);
    return success(listed.map(({ info }) => info));
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? success([]) : failure(fileDiagnostic(error, templatesDir, 'list'));
  }
}
