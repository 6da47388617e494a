import { useUi } from '../store';

/** Keeps the page's theme and language attributes in step with the choices, from before the first paint. */
export function applyAppearance(): void {
  const apply = ({ theme, language }: { readonly theme: string; readonly language: string }): void => {
    const page = document.documentElement;
    page.dataset['theme'] = theme;
    page.lang = language === 'zh' ? 'zh-CN' : 'en';
    // The frame that the system draws round a window of its own goes on where the top bar ends.
    const frame = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
    if (frame !== null) frame.content = getComputedStyle(page).getPropertyValue('--panel').trim();
  };
  apply(useUi.getState());
  useUi.subscribe(apply);
}
