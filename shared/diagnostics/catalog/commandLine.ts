import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

function misuse(code: string, en: string, zh: string, why?: { readonly en: string; readonly zh: string }): Diagnostic {
  return {
    code,
    severity: 'error',
    at: {},
    summary: text(en, zh),
    ...(why === undefined ? {} : { why: text(why.en, why.zh) }),
    fixes: [],
  };
}

function didYouMean(nearest: string | null): { readonly en: string; readonly zh: string } | undefined {
  return nearest === null ? undefined : text(`Did you mean ${nearest}?`, `是否想写 ${nearest}？`);
}

/** The first word is not a command. */
export function unknownCommand(name: string, nearest: string | null): Diagnostic {
  return misuse(
    'command-line/unknown-command',
    `There is no command ${name}.`,
    `没有 ${name} 这个命令。`,
    didYouMean(nearest),
  );
}

/** A flag that the command does not have. */
export function unknownOption(name: string, nearest: string | null): Diagnostic {
  return misuse(
    'command-line/unknown-option',
    `There is no option ${name}.`,
    `没有 ${name} 这个选项。`,
    didYouMean(nearest),
  );
}

/** A positional argument or a required option is not there. */
export function missingArgument(name: string): Diagnostic {
  return misuse('command-line/missing-argument', `${name} is missing.`, `缺少 ${name}。`);
}

/** More positional arguments than the command takes. */
export function extraArgument(value: string): Diagnostic {
  return misuse('command-line/extra-argument', `${value} is one argument too many.`, `多余的参数：${value}。`);
}

/** An option's value is not of its type or not in its range; `expected` says what is. */
export function badOptionValue(
  option: string,
  value: string,
  expected: { readonly en: string; readonly zh: string },
  nearest: string | null = null,
): Diagnostic {
  return misuse(
    'command-line/bad-value',
    `${option} takes ${expected.en}, not ${JSON.stringify(value)}.`,
    `${option} 应为${expected.zh}，而不是 ${JSON.stringify(value)}。`,
    didYouMean(nearest),
  );
}

/** Options that do not go together, or a combination that makes no sense. */
export function conflictingOptions(en: string, zh: string): Diagnostic {
  return misuse('command-line/conflict', en, zh);
}

/** A template id that does not exist. */
export function unknownTemplate(id: string, nearest: string | null): Diagnostic {
  return misuse(
    'command-line/unknown-template',
    `There is no template ${id}.`,
    `没有名为 ${id} 的模板。`,
    didYouMean(nearest),
  );
}

/** A rules file that cannot be understood; `path` says where. */
export function badRules(path: string, en: string, zh: string): Diagnostic {
  return { ...misuse('command-line/bad-rules', `${path}: ${en}`, `${path}：${zh}`), at: { path } };
}

/** A results file is not laid out as one; `path` says where. */
export function badResults(path: string, en: string, zh: string): Diagnostic {
  return { ...misuse('command-line/bad-results', `${path}: ${en}`, `${path}：${zh}`), at: { path } };
}

/** There is no browser to measure the app in; `named` is the path that was asked for, null where the usual places were searched. */
export function noBrowser(named: string | null): Diagnostic {
  const mend = text(
    'Install one (`apt-get install chromium`, or Chrome), or set CHROMIUM_PATH to its binary.',
    '请安装（`apt-get install chromium`，或 Chrome），或用 CHROMIUM_PATH 指明其程序文件。',
  );
  return named === null
    ? misuse(noBrowserCode, 'There is no Chromium here.', '本机没有 Chromium。', mend)
    : misuse(noBrowserCode, `There is no Chromium at ${named}.`, `${named} 处没有 Chromium。`, mend);
}

const noBrowserCode = 'command-line/no-browser';

/** The browser is there and does not start; `reason` is what it or its driver says. */
export function browserFailed(path: string, reason: string): Diagnostic {
  return misuse('command-line/browser-failed', `${path} does not start.`, `${path} 无法启动。`, text(reason, reason));
}

/** A development package is not installed that a command cannot do without. */
export function packageMissing(name: string): Diagnostic {
  return misuse(
    'command-line/package-missing',
    `The package ${name} is not installed.`,
    `软件包 ${name} 未安装。`,
    text('Run `npm ci` without leaving out the development packages.', '请运行 `npm ci`，不要略去开发依赖。'),
  );
}
