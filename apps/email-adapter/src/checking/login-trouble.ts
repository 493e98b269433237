import type { AccountFinding } from '@yixian/contracts';
import { finding } from './finding.ts';

/** What the errors of imapflow and nodemailer say beside their message. */
interface ServerError {
  code?: string;
  originalCode?: string;
  message?: string;
  authenticationFailed?: boolean;
  responseText?: string;
  response?: string;
  cause?: unknown;
}

const unreachable: Record<string, [zh: string, en: string]> = {
  ENOTFOUND: ['没有这个服务器名，请检查拼写', 'There is no server of this name; look at the spelling'],
  EDNS: ['没有这个服务器名，请检查拼写', 'There is no server of this name; look at the spelling'],
  EAI_AGAIN: ['域名解析不可用，请稍后再试', 'Names cannot be resolved just now; try again later'],
  ECONNREFUSED: ['服务器拒绝连接，请检查端口', 'The server refuses the connection; look at the port'],
  EHOSTUNREACH: [
    '到不了这台服务器，请检查网络或防火墙',
    'The server cannot be reached; look at the network and its firewall',
  ],
  ENETUNREACH: [
    '到不了这台服务器，请检查网络或防火墙',
    'The server cannot be reached; look at the network and its firewall',
  ],
  ETIMEDOUT: [
    '服务器没有应答，请检查端口与防火墙',
    'The server does not answer; look at the port and the firewall',
  ],
};
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|altnames/i;
const notTls = /wrong version number|ERR_SSL|ETLS|EPROTO|Unexpected close|STARTTLS/i;

/** Why a login to a mail server failed, as a person can act on it. */
export function loginTrouble(part: 'imap' | 'smtp', error: unknown): AccountFinding {
  const name = part.toUpperCase();
  const {
    code = '',
    originalCode,
    message = '',
    authenticationFailed,
    responseText,
    response,
  } = (error ?? {}) as ServerError;
  const words = (responseText ?? response ?? message).slice(0, 300);
  const wrong = (zh: string, en: string) =>
    finding(part, 'wrong', `${name}：${zh}。（${words}）`, `${name}: ${en}. (${words})`);
  if (authenticationFailed || code === 'EAUTH' || code === 'ENOAUTH') {
    return wrong(
      '用户名或密码不对。QQ、163、Gmail 等须在网页邮箱中开启此服务，并使用授权码或应用专用密码',
      'The user or the password is wrong. QQ, 163, Gmail and others want the service switched on in their web mail, and an app password',
    );
  }
  const codes = [originalCode, code, codeOf((error as ServerError | undefined)?.cause)];
  const known = codes.flatMap((one) => (one && unreachable[one] ? [unreachable[one]] : []))[0];
  if (known) return wrong(...known);
  const all = `${codes.join(' ')} ${message}`;
  if (certificate.test(all)) {
    return wrong('服务器的证书不可信', 'The certificate of the server cannot be trusted');
  }
  if (notTls.test(all)) {
    return wrong(
      '加密方式与端口不符：TLS 一般用 993 或 465，STARTTLS 用 143 或 587',
      'The encryption does not go with the port: TLS is usual on 993 and 465, STARTTLS on 143 and 587',
    );
  }
  return wrong('无法登录', 'The login failed');
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;
