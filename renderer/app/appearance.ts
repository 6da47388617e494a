import { useUi } from '../store';

/** Keeps the page's theme and language attributes in step with the choices, from before the first paint. */
export function applyAppearance(): void {
  const apply = ({ theme, language }: { readonly theme: string; readonly language: string }): void => {
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  };
  apply(useUi.getState());
  useUi.subscribe(apply);
}
