import type { Payload } from '@yixian/contracts';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface SettingFault {
  /** `settings.smtp.port`. */
  path: string;
  message: string;
}

/**
 * What is wrong with an account's settings, by its channel's own JSON Schema (2020-12). Keywords that only the desk
 * reads (`x-label`, …) are let be. Properties that the schema does not name are faults, or a typo would pass unseen.
 */
export function faultsOf(schema: Payload, settings: Payload): SettingFault[] {
  // Schemas differ between versions of a channel under one $id: nothing is kept between calls.
  const ajv = new Ajv2020({ strict: false, allErrors: true, addUsedSchema: false });
  addFormats.default(ajv);
  const check = ajv.compile({ unevaluatedProperties: false, ...schema });
  if (check(settings)) return [];
  return (check.errors ?? []).map(toFault);
}

function toFault({ instancePath, message, params, keyword }: ErrorObject): SettingFault {
  const { missingProperty, unevaluatedProperty, additionalProperty } = params as Record<
    string,
    string | undefined
  >;
  const at = missingProperty ?? unevaluatedProperty ?? additionalProperty;
  const path = ['settings', ...instancePath.split('/').slice(1).map(unescaped), ...(at ? [at] : [])].join(
    '.',
  );
  if (keyword === 'required') return { path, message: 'is required' };
  if (unevaluatedProperty ?? additionalProperty) return { path, message: 'is not a setting of this channel' };
  return { path, message: message ?? 'is not valid' };
}

/** JSON Pointer, RFC 6901. */
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');
