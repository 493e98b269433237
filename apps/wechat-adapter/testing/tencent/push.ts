import { randomInt } from 'node:crypto';
import type { Clock } from '@yixian/contracts';
import { pause } from '@yixian/contracts';
import { CallbackCipher } from '../../src/callback/callback-cipher.ts';
import { signatureOf } from '../../src/callback/signature.ts';
import { writeXml } from './write-xml.ts';

export interface PushTarget {
  /** Where the account's pushes go. */
  url: string;
  token: string;
  /** Empty: plain mode. */
  encodingAesKey: string;
  receiver: string;
  format: 'xml' | 'json';
}

export interface Sealed {
  query: Record<string, string>;
  body: string;
}

export interface Pushed {
  /** The status and body of each try; 0 when there was no answer. */
  tries: { status: number; body: string }[];
  acknowledged: boolean;
}

/** Tencent waits 5 s and asks three times in all. */
const PATIENCE = 5_000;
const TRIES = 3;

/** A push, ready to be sent: the query and the body. `message` is what it says, in the target's format. */
export function sealed(target: PushTarget, message: string, seconds: number, to = 'gh_7f083739789a'): Sealed {
  const timestamp = String(seconds);
  const nonce = String(randomInt(1, 2 ** 31));
  const signature = signatureOf(target.token, timestamp, nonce);
  if (!target.encodingAesKey) return { query: { signature, timestamp, nonce }, body: message };
  const encrypt = new CallbackCipher(target.encodingAesKey, target.receiver).seal(message);
  const envelope = { ToUserName: to, Encrypt: encrypt };
  return {
    query: {
      signature,
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: signatureOf(target.token, timestamp, nonce, encrypt),
    },
    body: target.format === 'json' ? JSON.stringify(envelope) : `<xml>${writeXml(envelope)}</xml>`,
  };
}

/**
 * Sends a push the way Tencent does: again while it is not acknowledged, three times at most. `between`: what is waited
 * for between two tries; Tencent waits five seconds.
 */
export async function push(
  target: PushTarget,
  message: string,
  clock: Clock,
  {
    tries = TRIES,
    between = () => pause(clock, 100),
  }: { tries?: number; between?: () => Promise<unknown> } = {},
): Promise<Pushed> {
  const { query, body } = sealed(target, message, Math.floor(clock.now() / 1000));
  const url = `${target.url}?${new URLSearchParams(query).toString()}`;
  const type = target.format === 'json' ? 'application/json' : 'text/xml';
  const seen: Pushed['tries'] = [];
  for (let n = 0; n < tries; n++) {
    const answer = await post(url, body, type, clock);
    seen.push(answer);
    if (answer.status === 200 && ['success', ''].includes(answer.body))
      return { tries: seen, acknowledged: true };
    if (n + 1 < tries) await between();
  }
  return { tries: seen, acknowledged: false };
}

async function post(url: string, body: string, type: string, clock: Clock) {
  const stop = new AbortController();
  const cancel = clock.after(PATIENCE, () => stop.abort());
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
      signal: stop.signal,
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: 0, body: '' };
  } finally {
    cancel();
  }
}
