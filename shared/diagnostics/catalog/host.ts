import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A message that does not have the form of the HostApi. `path` is the field, `reason` what is wrong with it. */
export function invalidMessage(name: string, path: string, reason: string): Diagnostic {
  return {
    code: 'host/invalid-message',
    severity: 'error',
    at: { path },
    summary: text(`The request ${name} is malformed.`, `请求 ${name} 的格式不正确。`),
    why: text(`${path === '' ? 'Payload' : path}: ${reason}`, `${path === '' ? '内容' : path}：${reason}`),
    fixes: [],
  };
}

/** A request that this host does not have: most likely page and host are of different versions. */
export function unknownRequest(name: string): Diagnostic {
  return {
    code: 'host/unknown-request',
    severity: 'error',
    at: {},
    summary: text(`This version of the app does not know the request ${name}.`, `此版本的程序没有请求 ${name}。`),
    why: text('Reload the page; if it stays, restart the app.', '请重新加载页面；如仍出现，请重启程序。'),
    fixes: [],
  };
}

/** A programmer's error inside the host, caught so that nobody waits for an answer that never comes. */
export function hostFailed(name: string, reason: string): Diagnostic {
  return {
    code: 'host/failed',
    severity: 'error',
    at: {},
    summary: text(`${name} failed unexpectedly.`, `${name} 意外失败。`),
    why: text(reason, reason),
    fixes: [],
  };
}

/** The other side went away before it answered. */
export function connectionLost(name: string): Diagnostic {
  return {
    code: 'host/connection-lost',
    severity: 'error',
    at: {},
    summary: text('The connection to the app was lost.', '与程序的连接已断开。'),
    why: text(
      `${name} was not answered. Nothing on this page is lost; it is sent again when you repeat the action.`,
      `${name} 没有得到回应。页面上的内容没有丢失；重复操作即可重新发送。`,
    ),
    fixes: [],
  };
}

/** Bytes on a channel that are no message; the connection that brought them is closed. */
export function protocolError(reason: string): Diagnostic {
  return {
    code: 'host/protocol-error',
    severity: 'error',
    at: {},
    summary: text('What arrived is not a message of Convloom.', '收到的不是 Convloom 的消息。'),
    why: text(`${reason}.`, `${reason}。`),
    fixes: [],
  };
}

/** More requests are open on one connection than anything sensible asks. */
export function tooManyRequests(name: string, limit: number): Diagnostic {
  return {
    code: 'host/too-many-requests',
    severity: 'error',
    at: {},
    summary: text(
      `${name} was not taken on: ${limit} requests are open.`,
      `未受理 ${name}：已有 ${limit} 个请求未完成。`,
    ),
    why: text('Wait for some of the answers and try again.', '请等待部分请求得到回应后再试。'),
    fixes: [],
  };
}

/** The asker no longer wants the answer. */
export function requestCancelled(name: string): Diagnostic {
  return {
    code: 'host/cancelled',
    severity: 'info',
    at: {},
    summary: text(`${name} was cancelled.`, `${name} 已取消。`),
    fixes: [],
  };
}

/** Something that this form of the app does not have, such as native dialogs in the browser. */
export function notInThisForm(name: string, form: string): Diagnostic {
  return {
    code: 'host/not-in-this-form',
    severity: 'error',
    at: {},
    summary: text(`${name} is not available in the ${form} form of the app.`, `${form} 形式的程序不支持 ${name}。`),
    fixes: [],
  };
}
