import { createPublicKey } from 'node:crypto';
import type { AccountFinding } from '@yixian/contracts';
import { domainOf } from '../mailbox.ts';
import type { Mailbox } from '../mailbox.ts';
import type { DnsResolver } from '../trust/guarded-resolver.ts';
import { finding } from './finding.ts';

/** The records of a name that begin with `prefix`; `undefined` when the name servers cannot be asked. */
type Records = (name: string, prefix: string) => Promise<string[] | undefined>;

/** Whether the domain's records let others believe our mails. Without them many servers take us for spam. */
export async function checkDomain(mailbox: Mailbox, resolver: DnsResolver): Promise<AccountFinding[]> {
  const records = recordsBy(resolver);
  const domain = domainOf(mailbox.address);
  const [spf, dmarc] = await Promise.all([
    records(domain, 'v=spf1'),
    records(`_dmarc.${domain}`, 'v=DMARC1'),
  ]);
  if (spf === undefined) {
    return [
      finding(
        'dns',
        'skipped',
        '域名记录：域名服务器不可用，未检查',
        'DNS: the name servers cannot be asked, nothing was checked',
      ),
    ];
  }
  return [spfFinding(domain, spf), await dkimFinding(mailbox, records), dmarcFinding(domain, dmarc ?? [])];
}

function recordsBy(resolver: DnsResolver): Records {
  return async (name, prefix) => {
    try {
      const texts = (await resolver(name, 'TXT')).map((parts) =>
        Array.isArray(parts) ? parts.join('') : parts,
      );
      return texts.filter((text) => text.toLowerCase().startsWith(prefix.toLowerCase()));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined;
    }
  };
}

function spfFinding(domain: string, spf: string[]): AccountFinding {
  if (spf.length === 1) return finding('spf', 'ok', `SPF：${spf[0]}`, `SPF: ${spf[0]}`);
  return spf.length === 0
    ? finding(
        'spf',
        'warning',
        `SPF：${domain} 没有 SPF 记录，发出的邮件可能被当作垃圾邮件`,
        `SPF: ${domain} has no SPF record; mails may be taken for spam`,
      )
    : finding(
        'spf',
        'wrong',
        `SPF：${domain} 有多条 SPF 记录，只能有一条`,
        `SPF: ${domain} has several SPF records, where one is allowed`,
      );
}

function dmarcFinding(domain: string, dmarc: string[]): AccountFinding {
  return dmarc.length > 0
    ? finding('dmarc', 'ok', `DMARC：${dmarc[0]}`, `DMARC: ${dmarc[0]}`)
    : finding(
        'dmarc',
        'warning',
        `DMARC：_dmarc.${domain} 没有记录`,
        `DMARC: there is no record at _dmarc.${domain}`,
      );
}

async function dkimFinding({ dkim, address }: Mailbox, records: Records): Promise<AccountFinding> {
  if (!dkim.selector) {
    return finding(
      'dkim',
      'skipped',
      'DKIM：未设置签名；发信服务器可能自己签名',
      'DKIM: not set; the mail server may sign by itself',
    );
  }
  const expected = publicKeyOf(dkim.key);
  if (!expected)
    return finding('dkim', 'wrong', 'DKIM：私钥不是有效的 PEM', 'DKIM: the private key is no PEM');
  const name = `${dkim.selector}._domainkey.${domainOf(address)}`;
  const found = (await records(name, ''))?.join('').replace(/\s/g, '');
  const published = /(?:^|;)p=([^;]*)/.exec(found ?? '')?.[1];
  if (published === expected)
    return finding('dkim', 'ok', 'DKIM：记录与私钥相符', 'DKIM: the record fits the key');
  const record = `v=DKIM1; k=rsa; p=${expected}`;
  return published === undefined
    ? finding(
        'dkim',
        'wrong',
        `DKIM：${name} 没有记录，应为：${record}`,
        `DKIM: there is no record at ${name}; it should be: ${record}`,
      )
    : finding(
        'dkim',
        'wrong',
        `DKIM：${name} 的公钥与私钥不符，应为：${record}`,
        `DKIM: the record at ${name} does not fit the key; it should be: ${record}`,
      );
}

function publicKeyOf(pem: string): string | undefined {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return undefined;
  }
}
