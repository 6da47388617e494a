import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import type { EngineReport } from '../../shared/host/api';
import { text } from '../../shared/text';
import type { Language } from '../../shared/text';
import { engineTable, type EngineId } from '../../shared/schema/engines';
import { createAnswerer } from './answerer';
import type { ForkTrainer } from './trainerProcess';

type Unchosen = Omit<EngineReport, 'chosen'>;

/** Asks one engine in a process of its own: a native library that brings its process down is an answer, not a disaster. */
async function probe(forkTrainer: ForkTrainer, id: EngineId, label: string): Promise<Unchosen> {
  const answerer = createAnswerer(forkTrainer);
  const answer = await answerer.ask('engine', { engine: id });
  answerer.dispose();
  if (!answer.ok) {
    const said = (language: Language): string =>
      answer.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic, language)).join(' ');
    return {
      id,
      label,
      available: false,
      why: text(said('en'), said('zh')),
    };
  }
  const status = answer.value;
  if (!status.available) {
    const { why, mend } = status;
    return { id, label, available: false, why, ...(mend === null ? {} : { mend }) };
  }
  const { device, versions, passedOver } = status;
  return { id, label, available: true, device, versions, ...(passedOver === undefined ? {} : { passedOver }) };
}

/** What can train here, best first. */
export async function listEngines(forkTrainer: ForkTrainer): Promise<Result<readonly EngineReport[]>> {
  const reports = await Promise.all(engineTable.map(({ id, label }) => probe(forkTrainer, id, label)));
  const chosen = reports.find(({ available }) => available);
  return success(reports.map((report) => ({ ...report, chosen: report === chosen })));
}
