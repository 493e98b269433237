import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload } from '../common.ts';

/**
 * Secrets among an account's settings. The JSON Schema that the channel announced says which they are: properties
 * with `x-secret: true`, at any depth of objects. Sealed: `{ "sealed": "v1.<base64url of nonce, tag and ciphertext>" }`
 * by AES-256-GCM. `key` is the master secret's key for `account-settings` (32 bytes).
 */

/** A sealed value could not be opened: another key, or not what was sealed. */
export class CannotOpen extends Error {
  readonly code = 'cannot_open';
  readonly retryable = false;
  constructor(
    /** Where in the settings: `smtp.password`. */
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(`The secret setting "${path}" cannot be opened with this key.`, options);
  }
}

type Json = Payload[string];

/** Seals every secret that is not sealed yet. Absent and `null` secrets stay as they are. */
export function sealSettings(schema: Payload, settings: Payload, key: Buffer): Payload {
  return mapSecrets(schema, settings, (value, path) =>
    sealedText(value) ? value : { sealed: seal(value, path, key) },
  );
}

/** Opens every secret. Values that were never sealed stay as they are. Throws {@link CannotOpen}. */
export function openSettings(schema: Payload, settings: Payload, key: Buffer): Payload {
  return mapSecrets(schema, settings, (value, path) => {
    const text = sealedText(value);
    return text === undefined ? value : open(text, path, key);
  });
}

/** What may be shown of settings: each secret that is set becomes `{ "set": true }`. */
export function maskSettings(schema: Payload, settings: Payload): Payload {
  return mapSecrets(schema, settings, () => ({ set: true }));
}

/** What agents may see of settings: the properties with `x-agents: true`. Never a secret, whatever the schema says. */
export function settingsForAgents(schema: Payload, settings: Payload): Payload {
  const shown: Payload = {};
  for (const [name, property] of propertiesOf(schema)) {
    const value = settings[name];
    if (value === undefined || value === null || property['x-secret'] === true) continue;
    if (property['x-agents'] === true)
      shown[name] = isObject(value) ? withoutSecrets(property, value) : value;
    else if (isObject(value)) {
      const inside = settingsForAgents(property, value);
      if (Object.keys(inside).length > 0) shown[name] = inside;
    }
  }
  return shown;
}

function withoutSecrets(schema: Payload, settings: Payload): Payload {
  return mapSecrets(schema, settings, () => null);
}

/**
 * The settings after a change: `changed`, with the stored (sealed) value of every secret that is absent from it or
 * still `{ "set": true }`; one that is `{ "set": false }` is taken away. Everything that is not secret is as `changed`
 * says.
 */
export function keepSecrets(schema: Payload, changed: Payload, stored: Payload): Payload {
  const merged: Payload = { ...changed };
  for (const [name, property] of propertiesOf(schema)) {
    const [next, before] = [changed[name], stored[name]];
    if (property['x-secret'] === true) {
      if (next !== undefined && !isMask(next)) continue;
      delete merged[name];
      if (before !== undefined && !isTakenAway(next)) merged[name] = before;
    } else if (isObject(before) && (next === undefined || isObject(next))) {
      const kept = keepSecrets(property, next ?? {}, before);
      if (next !== undefined || Object.keys(kept).length > 0) merged[name] = kept;
    }
  }
  return merged;
}

function mapSecrets(
  schema: Payload,
  settings: Payload,
  map: (value: Json, path: string) => Json,
  at = '',
): Payload {
  const mapped: Payload = { ...settings };
  for (const [name, property] of propertiesOf(schema)) {
    const value = settings[name];
    if (value === undefined || value === null) continue;
    if (property['x-secret'] === true) mapped[name] = map(value, at + name);
    else if (isObject(value)) mapped[name] = mapSecrets(property, value, map, `${at}${name}.`);
  }
  return mapped;
}

// The path is authenticated with the value, so that one secret cannot be moved to the place of another.
function seal(value: Json, path: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(path));
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

function open(sealed: string, path: string, key: Buffer): Json {
  try {
    const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(path)).setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(),
    ) as Json;
  } catch (cause) {
    throw new CannotOpen(path, { cause });
  }
}

function sealedText(value: Json): string | undefined {
  return isObject(value) && typeof value['sealed'] === 'string' && value['sealed'].startsWith('v1.')
    ? value['sealed']
    : undefined;
}

function isMask(value: Json): boolean {
  return isObject(value) && typeof value['set'] === 'boolean';
}

const isTakenAway = (value: Json | undefined): boolean => isObject(value) && value['set'] === false;

function propertiesOf(schema: Payload): [string, Payload][] {
  const properties = schema['properties'];
  if (!isObject(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, Payload] => isObject(entry[1]));
}

function isObject(value: Json | undefined): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
