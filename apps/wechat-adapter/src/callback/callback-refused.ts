/** Why a callback is not from Tencent, or cannot be taken, with the HTTP status that says so. */
export const refusalStatus = {
  unknown_account: 404,
  unsigned: 401,
  wrong_signature: 403,
  stale: 403,
  replayed: 403,
  wrong_receiver: 403,
  undecipherable: 403,
  not_encrypted: 403,
  too_large: 413,
  not_utf8: 400,
  malformed: 400,
} as const;
export type RefusalCode = keyof typeof refusalStatus;

/** A callback that is refused at the door. Nothing of it is kept but the count. */
export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused';
  readonly retryable = false;
  constructor(readonly code: RefusalCode) {
    super(code);
  }
  get status(): number {
    return refusalStatus[this.code];
  }
}
