/** Mistakes in code, ours or kafkajs': they come again. */
const MISTAKES = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'KafkaJSNotImplemented',
]);
/** What a broker refuses for good. */
const REFUSALS =
  /AUTHORIZATION_FAILED|UNSUPPORTED|ILLEGAL_SASL_STATE|INVALID_GROUP_ID|INVALID_SESSION_TIMEOUT/;

/** Whether a new member of the group may do better after a member ended with this error. */
export function isRecoverable(error: unknown): boolean {
  const { name, type } = origin(error) as { name?: string; type?: string };
  if (MISTAKES.has(name ?? '') || name === 'KafkaJSSASLAuthenticationError') return false;
  return !REFUSALS.test(type ?? '');
}

function origin(error: unknown): object {
  if (typeof error !== 'object' || error === null) return {};
  const { cause } = error as { cause?: unknown };
  return cause ? origin(cause) : error;
}
