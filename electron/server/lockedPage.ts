/**
 * Where an installed app starts: its window has no key of its own. Keys are new with each start and are kept nowhere, because whoever
 * listens on this port while Convloom does not would be sent a key that was kept. So the address is asked for, in a page without scripts.
 */
export const lockedPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Convloom</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 34em; margin: 16vh auto; padding: 0 16px }
  form { display: flex; gap: 8px }
  input { flex: 1; min-width: 0; font: inherit; padding: 6px 10px }
  button { font: inherit; padding: 6px 14px }
</style>
<h1>Convloom</h1>
<p>This window has no key yet: keys are new with each start, so that no other program on this machine can keep one. Paste the address
that Convloom printed, or start it with <code>convloom serve --window</code>, which opens a window that has its key.</p>
<p lang="zh-CN">此窗口还没有密钥：每次启动都会生成新的密钥，这样本机的其他程序就无法保留它。请粘贴 Convloom 打印的地址，
或用 <code>convloom serve --window</code> 启动，它会打开一个已有密钥的窗口。</p>
<form action="/" autocomplete="off">
  <input name="token" required autofocus spellcheck="false" aria-label="Address · 地址" placeholder="http://127.0.0.1:…/?token=…">
  <button>Open · 打开</button>
</form>
`;
