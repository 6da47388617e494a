import { beforeEach, describe, expect, it } from 'vitest';
import { success } from '../../../../shared/diagnostics/diagnostic';
import type { HostInfo } from '../../../../shared/host/api';
import { findLesson, lessons } from '../../../../shared/learn/lessons';
import { text } from '../../../../shared/text';
import { setPrompt, useFilePrompt } from '../../../../renderer/dialogs/fileActions';
import { figureOf, isDone, neighbour, shownLesson } from '../../../../renderer/learn/course';
import { showTrial, watchTrials } from '../../../../renderer/learn/trials';
import { createWorkspace } from '../../../../renderer/session';
import { remember, setPanelHidden, useHost, useUi } from '../../../../renderer/store';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';
import { readTemplate } from '../../../support/templatePrograms';

const gap = findLesson('gap')!;
const skips = findLesson('skips')!;

function start() {
  const host = createSessionHost({ 'templates.open': ({ id }) => success(readTemplate(id)) });
  // Of the host's description nothing is asked here.
  useHost.setState({ status: 'ready', host: host.client, info: {} as HostInfo }, true);
  return createWorkspace(sessionServices(host.link));
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const layout = () => useUi.getState().layout;

beforeEach(() => {
  useUi.setState({ layout: {} });
  setPrompt({ kind: 'none' });
  setPanelHidden('course', false);
});

describe('the networks of a lesson', () => {
  it('are recognised however they came onto the canvas, and ticked off', async () => {
    const workspace = start();
    remember('lesson', 'gap');
    let leave = watchTrials(workspace.active());
    await settled();
    expect(figureOf(layout(), gap, 'fc')).toBeUndefined();

    showTrial(workspace, gap, 'fc');
    leave();
    leave = watchTrials(workspace.active());
    expect(figureOf(layout(), gap, 'fc')).toBe(431_080);
    expect(isDone(layout(), gap)).toBe(false);

    const { project } = workspace.active();
    project.edit(text('By hand', '手动'), [
      { type: 'removeNodes', ids: ['f1'], heal: true },
      { type: 'insertAfter', after: 'p2', node: { id: 'mean', kind: 'gap', params: {} } },
    ]);
    expect(figureOf(layout(), gap, 'gap')).toBe(26_080);
    expect(isDone(layout(), gap)).toBe(true);
    leave();
  });

  it('are not taken for done by a network that is another', async () => {
    const workspace = start();
    remember('lesson', 'gap');
    const session = workspace.replace({ document: readTemplate('lenet') });
    session.project.edit(text('Other', '其他'), [{ type: 'setParams', id: 'c1', params: { filters: 21 } }]);
    const leave = watchTrials(session);
    await settled();
    expect(gap.experiment.trials.map(({ id }) => figureOf(layout(), gap, id))).toEqual([undefined, undefined]);
    leave();
  });

  it('replace each other, and leave unsaved work where it is', async () => {
    const workspace = start();
    remember('lesson', 'gap');
    let leave = watchTrials(workspace.active());
    await settled();
    showTrial(workspace, gap, 'fc');
    leave();
    leave = watchTrials(workspace.active());
    showTrial(workspace, gap, 'gap');
    expect(
      workspace
        .active()
        .project.getState()
        .document.nodes.map(({ kind }) => kind),
    ).toContain('gap');
    workspace.active().project.undo();
    expect(
      workspace
        .active()
        .project.getState()
        .document.nodes.map(({ kind }) => kind),
    ).not.toContain('gap');
    workspace.active().project.redo();

    remember('lesson', 'skips');
    await settled();
    showTrial(workspace, skips, 'sum');
    expect(useFilePrompt.getState().prompt.kind).toBe('none');
    expect(workspace.active().project.getState().document.name).toBe('Small FCN');
    leave();

    leave = watchTrials(workspace.active());
    workspace.active().project.edit(text('Own', '自己的'), [{ type: 'renameNetwork', name: 'Mine' }]);
    workspace.active().project.edit(text('Own', '自己的'), [{ type: 'setParams', id: 'c1', params: { filters: 5 } }]);
    showTrial(workspace, skips, 'concat');
    expect(useFilePrompt.getState().prompt.kind).toBe('none');
    const names = workspace.getState().sessions.map(({ project }) => project.getState().document.name);
    expect(names).toEqual(expect.arrayContaining(['Mine', 'Small FCN']));
    expect(workspace.active().project.getState().document.name).toBe('Small FCN');
    leave();
  });
});

describe('the course', () => {
  it('goes from the first lesson to the last and no further', () => {
    expect(neighbour(lessons[0], -1)).toBeUndefined();
    expect(neighbour(lessons[0], 1)).toBe(lessons[1]);
    expect(neighbour(lessons.at(-1), 1)).toBeUndefined();
    expect(neighbour(undefined, 1)).toBeUndefined();
  });

  it('shows its map where the settings name no lesson that there is', () => {
    expect(shownLesson({ lesson: 'of-another-version' })).toBeUndefined();
    expect(shownLesson({ lesson: 'gap' })).toBe(gap);
    expect(shownLesson({})).toBeUndefined();
  });
});
