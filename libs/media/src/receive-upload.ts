import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { systemClock } from '@yixian/contracts';
import type { Attachment, Clock, ProblemCode } from '@yixian/contracts';
import { TooLarge } from './media-error.ts';
import type { MediaStore } from './media-store.ts';

/** An upload that was not taken, with the HTTP status and the problem code to answer. */
export class UploadRefused extends Error {
  readonly retryable = false;
  constructor(
    readonly status: 400 | 413 | 415,
    readonly code: Extract<ProblemCode, 'invalid' | 'too_large' | 'unsupported'>,
    message: string,
  ) {
    super(message);
  }
}

export interface UploadRules {
  maxBytes: number;
  /** The form field that holds the file. */
  field: string;
}

/** What multipart boundaries and part headers may add to a file's own bytes. */
const FORM_OVERHEAD = 16 * 1024;
/** How long a refused client may go on talking, so that it reads our answer instead of a broken connection. */
const LINGER_MS = 5_000;

/**
 * Takes the one file of a `multipart/form-data` request and stores it while it arrives, in bounded memory. Throws
 * {@link UploadRefused}, or what the store threw. After a throw nothing is stored half and nothing more is kept of what
 * the client sends; answer then, the connection is cut a little later if the client does not stop.
 */
export async function receiveUpload(
  request: IncomingMessage,
  store: MediaStore,
  rules: UploadRules,
  clock: Clock = systemClock,
): Promise<Attachment> {
  try {
    if (Number(request.headers['content-length'] ?? 0) > rules.maxBytes + FORM_OVERHEAD)
      throw tooLarge(rules.maxBytes);
    return await readForm(request, store, rules);
  } catch (error) {
    letGo(request, clock);
    throw error instanceof TooLarge ? tooLarge(rules.maxBytes) : error;
  }
}

async function readForm(
  request: IncomingMessage,
  store: MediaStore,
  rules: UploadRules,
): Promise<Attachment> {
  const form = openForm(request);
  let stored: Promise<Attachment> | undefined;
  let refusal: unknown;
  const refuse = (error: Error) => {
    // Once the form is broken, the store fails too, for no reason of its own.
    if (!form.destroyed) refusal = error;
    form.destroy(error);
  };
  form.on('file', (field, content: Readable, { filename }) => {
    content.on('error', () => undefined); // It breaks only when the form does, which is heard below.
    if (field !== rules.field) return refuse(invalid(`The file belongs in the field "${rules.field}".`));
    stored = store.put(content, { name: filename || 'file', maxBytes: rules.maxBytes });
    stored.catch(refuse);
  });
  form.on('filesLimit', () => refuse(invalid('Only one file.')));
  form.on('fieldsLimit', () => refuse(invalid('No fields beside the file.')));
  try {
    // Giving up on the form must not destroy the request: it still has to be answered.
    await pipeline(request.iterator({ destroyOnReturn: false }), form);
  } catch (error) {
    await stored?.catch(() => undefined);
    throw refusal ?? invalid('The form is broken or was cut off.', error);
  }
  if (!stored) throw invalid(`A file in the field "${rules.field}" is missing.`);
  return stored;
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 0, headerPairs: 50 },
    });
  } catch (error) {
    throw new UploadRefused(415, 'unsupported', `Send multipart/form-data: ${(error as Error).message}`);
  }
}

/** Throws away what still comes, for a while: closing at once would reset the connection under our own answer. */
function letGo(request: IncomingMessage, clock: Clock): void {
  if (request.complete || request.destroyed) return;
  const cancel = clock.after(LINGER_MS, () => request.destroy());
  request.once('close', cancel);
  request.resume();
}

function invalid(message: string, cause?: unknown): UploadRefused {
  return Object.assign(new UploadRefused(400, 'invalid', message), { cause });
}

function tooLarge(maxBytes: number): UploadRefused {
  return new UploadRefused(413, 'too_large', `The file is larger than ${maxBytes} bytes.`);
}
