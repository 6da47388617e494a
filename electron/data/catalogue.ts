import type { DataReport } from '../../shared/host/api';
import { dataSources, dataSpecPattern } from '../../shared/schema/data';

/** What `--data SPEC` takes, in the order in which it is shown. */
export const dataCatalogue: readonly DataReport[] = dataSources.map((source) => ({
  spec: dataSpecPattern(source),
  label: source.label,
  doc: source.doc,
  needsPath: source.takes !== null,
}));
