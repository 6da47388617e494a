import type { Language } from '../text';

/** One HTML file; `title` and `body` are HTML already: whose words are in them has been escaped. */
export type HtmlPage = {
  readonly language: Language;
  readonly title: string;
  /** Besides that of every page. */
  readonly style: string;
  readonly body: readonly string[];
};

/** Prints a page that needs nothing else: no script, no network, light and dark as its reader has it. */
export function printHtmlPage({ language, title, style, body }: HtmlPage): string {
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title>`,
    `<style>${commonStyle}\n${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${title}</h1>`,
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const commonStyle = `
:root{color-scheme:light dark;--ink:#1b1f29;--mute:#5b6272;--line:#d9dde6;--hit:22,120,90;--miss:200,60,70;--bar:#2f5be0}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf2;--mute:#a2a9b8;--line:#363c4a;--hit:60,190,140;--miss:250,110,120;--bar:#7f9cff}}
body{max-width:1080px;margin:32px auto;padding:0 20px;color:var(--ink);font:15px/1.5 Inter,system-ui,sans-serif}
h1{font-size:22px}h2{margin-top:32px;font-size:17px}p,small,dt,figcaption{color:var(--mute)}
dl{display:flex;flex-wrap:wrap;gap:8px 28px}dt{font-size:13px}dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
`.trim();
