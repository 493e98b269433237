import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import { Refused } from '@yixian/service';
import type { z } from 'zod';

/** The most faults told in one answer. */
const MAX_DETAILS = 20;

/** Checks a body, query or parameter by the zod schema given with its decorator. Throws `invalid` with all faults. */
export class ValidPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalid(issues) });
  }

  override transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.schema && !isStorable(value))
      throw invalid([{ message: 'Holds a character that no text has.' }]);
    // A request without a body has an empty one, so that the answer names the missing fields.
    return super.transform(metadata.type === 'body' ? (value ?? ({} as T)) : value, metadata);
  }
}

/** Checks a value outside a controller's parameters, such as a socket message. Throws as the pipe does. */
export function valid<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  if (!isStorable(value)) throw invalid([{ message: 'Holds a character that no text has.' }]);
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(result.error.issues);
  return result.data;
}

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[];
}

/** The refusal that tells which fields were wrong and why. */
export function invalid(issues: readonly Issue[]): Refused {
  const details = issues.slice(0, MAX_DETAILS).map(({ path = [], message }) => ({
    path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
    message,
  }));
  return new Refused('invalid', 'The request does not fit its schema.', { details });
}

/** A surrogate without its other half. */
const HALF = /\p{Surrogate}/u;

/** PostgreSQL holds neither NUL nor half a character, in text as in JSON. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !HALF.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, held]) => isStorable(key) && isStorable(held));
}
