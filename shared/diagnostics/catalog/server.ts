import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

function serverError(code: string, summary: Diagnostic['summary'], why?: Diagnostic['why']): Diagnostic {
  return { code, severity: 'error', at: {}, summary, ...(why === undefined ? {} : { why }), fixes: [] };
}

/** The port that the user asked for belongs to another program. */
export function portInUse(port: number): Diagnostic {
  return serverError(
    'server/port-in-use',
    text(`Port ${port} is in use by another program.`, `端口 ${port} 已被其他程序占用。`),
    text(
      'Choose another with --port, or leave it out to take a free one.',
      '请用 --port 指定其他端口，或省略以自动选择。',
    ),
  );
}

/** The port that the user asked for may not be opened by this user. */
export function portForbidden(port: number): Diagnostic {
  return serverError(
    'server/port-forbidden',
    text(`Port ${port} may not be opened by this user.`, `当前用户无权使用端口 ${port}。`),
    text(
      'Ports below 1024 are usually reserved. Choose another with --port.',
      '1024 以下的端口通常受保护，请用 --port 指定其他端口。',
    ),
  );
}

/** The server cannot listen, for any other reason. */
export function cannotListen(reason: string): Diagnostic {
  return serverError(
    'server/cannot-listen',
    text('The local server cannot start.', '无法启动本地服务器。'),
    text(reason, reason),
  );
}

/** There is no built page to serve. */
export function rendererNotBuilt(dir: string): Diagnostic {
  return serverError(
    'server/not-built',
    text('The app has not been built.', '程序尚未构建。'),
    text(`${dir} has no index.html. Run npm run build first.`, `${dir} 中没有 index.html。请先运行 npm run build。`),
  );
}
