/** More bytes came than allowed. Nothing of them was kept. */
export class TooLarge extends Error {
  readonly code = 'too_large';
  readonly retryable = false;
  constructor(readonly maxBytes: number) {
    super(`The file is larger than ${maxBytes} bytes.`);
  }
}

/** The store cannot be reached or does not answer properly. */
export class MediaUnavailable extends Error {
  readonly code = 'unavailable';
  readonly retryable = true;
}
