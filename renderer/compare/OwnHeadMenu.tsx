import type { ReactElement } from 'react';
import { Menu, type MenuAction } from '../ui';
import { blockAsHead, type OwnHead } from '../../shared/transforms/ownHead';
import type { KeptBlock } from '../../shared/schema/document';
import { useText } from '../i18n';
import { useProject, useSession, useWorkspaceState } from '../session';
import { useRequest } from '../store/useRequest';
import { addOwnHead } from './headRace';
import { usePickedNetwork } from './usePickedNetwork';

/** Where a head of one's own comes from: another tab, a block of this network or of the library, or a file. */
export function OwnHeadMenu({ trigger }: { readonly trigger: ReactElement }) {
  const { t } = useText('compare');
  const session = useSession();
  const sessions = useWorkspaceState((state) => state.sessions);
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const { value: library } = useRequest('library.list', {});
  const add = (own: OwnHead): void => addOwnHead(session, own);
  const { browse, browser } = usePickedNetwork((network) => add(network));
  const tabs = sessions
    .filter((one) => one.id !== session.id)
    .map(({ id, project }): MenuAction => {
      const { document: other } = project.getState();
      const name = other.name === '' ? t.unnamed : other.name;
      return { id, label: name, onSelect: () => add({ name, document: other }) };
    });
  const blockAction = (block: KeptBlock, from: string): readonly MenuAction[] => {
    const own = blockAsHead(document, analysis, block);
    return own === null ? [] : [{ id: `${from}.${block.name}`, label: block.name, onSelect: () => add(own) }];
  };
  const blocks = Object.keys(document.blocks ?? {}).flatMap((name) =>
    blockAction({ name, blocks: document.blocks ?? {} }, 'here'),
  );
  const kept = (library ?? []).flatMap((block) => blockAction(block, 'library'));
  return (
    <>
      <Menu
        trigger={trigger}
        align="end"
        groups={[
          { title: t.ofTab, actions: tabs },
          { title: t.ofBlock, actions: [...blocks, ...kept] },
          { actions: [{ id: 'file', label: t.ofFile, onSelect: browse }] },
        ]}
      />
      {browser}
    </>
  );
}
