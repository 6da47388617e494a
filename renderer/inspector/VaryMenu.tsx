import type { NetworkNode } from '../../shared/schema/document';
import { useText } from '../i18n';
import { targetsOf, varyInSweep } from '../runs/sweepDraft';
import { useLevel, useSession } from '../session';
import { Button, Menu } from '../ui';

/** Sets a number of the node into a sweep, with values around what it is. Inside of a block the sweep's own list has them. */
export function VaryMenu({ node }: { readonly node: NetworkNode }) {
  const { t, pick } = useText('inspector');
  const session = useSession();
  const { block } = useLevel();
  const own = targetsOf(session).filter(({ name }) => name.startsWith(`${node.id}.`));
  if (block !== null || own.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button size="sm" variant="quiet" title={t.varyHint}>
          {t.vary}
        </Button>
      }
      groups={[
        {
          actions: own.map(({ name, label }) => ({
            id: name,
            label: pick(label),
            onSelect: () => varyInSweep(session, name),
          })),
        },
      ]}
    />
  );
}
