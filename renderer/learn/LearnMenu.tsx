import { Check, ChevronDown } from 'lucide-react';
import { chapters, findLesson } from '../../shared/learn/lessons';
import { actionOf, useActionState } from '../actions';
import { learnMenu } from '../actions/learnActions';
import { menuItem } from '../actions/menus';
import { useText } from '../i18n';
import { useSession, useWorkspace } from '../session';
import { useUi } from '../store';
import { Button, Menu, type MenuGroup } from '../ui';
import { isDone } from './course';

/** The course and its lessons, by chapters; what was done is ticked. */
export function LearnMenu() {
  const { t, pick, language } = useText('app');
  const workspace = useWorkspace();
  const session = useSession();
  const state = useActionState();
  const layout = useUi((ui) => ui.layout);
  const groups = learnMenu.map((ids, place): MenuGroup => {
    const chapter = chapters[place - 1];
    const actions = ids.map((id) => {
      const item = menuItem(actionOf(id), state, { workspace, session }, language);
      const lesson = findLesson(id.replace('lesson.', ''));
      return lesson !== undefined && isDone(layout, lesson) ? { ...item, icon: <Check size={14} aria-hidden /> } : item;
    });
    return chapter === undefined ? { actions } : { title: pick(chapter.title), actions };
  });
  return (
    <Menu
      trigger={
        <Button variant="quiet">
          {t.groupLearn}
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
      groups={groups}
    />
  );
}
