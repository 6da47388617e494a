import { Suspense } from 'react';
import { useText } from '../i18n';
import { useUi } from '../store';
import { Dialog } from '../ui';
import { later } from '../ui/later';
import { closeExport, lastTarget, useExport } from './exportStore';
import { targetOf } from './targets';

const ExportForm = later(async () => (await import('./ExportForm')).ExportForm);

/** Writes the network in any form that this version knows, and shows how that was proved. */
export function ExportDialog() {
  const { t } = useText('exports');
  const isOpen = useExport((state) => state.isOpen);
  const asked = useExport((state) => state.target);
  const last = useUi((state) => state.layout[lastTarget]);
  const target = targetOf(asked ?? (typeof last === 'string' ? last : ''));
  return (
    <Dialog isOpen={isOpen} onClose={closeExport} title={t.title} description={t.hint} width="lg">
      {isOpen ? (
        <Suspense>
          <ExportForm first={target} />
        </Suspense>
      ) : null}
    </Dialog>
  );
}
