/** Tencent answered, and the answer was no. */
export class TencentRefused extends Error {
  override readonly name = 'TencentRefused';
  constructor(
    /** https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html */
    readonly errcode: number,
    errmsg: string,
  ) {
    super(`${errcode} ${errmsg}`);
  }
}

/** Tencent did not answer, or not in its own words. */
export class TencentSilent extends Error {
  override readonly name = 'TencentSilent';
  readonly code = 'tencent_silent';
  readonly retryable = true;
  constructor(
    /** Whether the request may have been performed all the same. */
    readonly mayHaveArrived: boolean,
    options: { cause?: unknown } = {},
  ) {
    super(mayHaveArrived ? 'Tencent did not answer.' : 'Tencent cannot be reached.', options);
  }
}
