import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  CannotOpen,
  keepSecrets,
  maskSettings,
  openSettings,
  sealSettings,
  settingsForAgents,
} from './sealed-settings.ts';

const schema = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    token: { type: 'string', 'x-secret': true },
    keys: { type: 'array', 'x-secret': true },
    smtp: {
      type: 'object',
      properties: { user: { type: 'string' }, password: { type: 'string', 'x-secret': true } },
    },
  },
};
const settings = {
  host: 'h',
  token: 't0p',
  keys: ['a', 1],
  smtp: { user: 'u', password: '密码' },
  extra: true,
};
const key = randomBytes(32);

describe('sealed settings', () => {
  test('hide every secret and nothing else, and open again', () => {
    const sealed = sealSettings(schema, settings, key);
    expect(sealed).toEqual({
      host: 'h',
      token: { sealed: expect.any(String) },
      keys: { sealed: expect.any(String) },
      smtp: { user: 'u', password: { sealed: expect.any(String) } },
      extra: true,
    });
    expect(openSettings(schema, sealed, key)).toEqual(settings);
  });

  test('are sealed once, and never the same way twice', () => {
    const sealed = sealSettings(schema, settings, key);
    expect(sealSettings(schema, sealed, key)).toEqual(sealed);
    expect(sealSettings(schema, settings, key)).not.toEqual(sealed);
  });

  test('leave absent and null secrets alone', () => {
    expect(sealSettings(schema, { host: 'h', token: null }, key)).toEqual({ host: 'h', token: null });
  });

  test('open with no other key and in no other place', () => {
    const sealed = sealSettings(schema, settings, key);
    expect(() => openSettings(schema, sealed, randomBytes(32))).toThrow(CannotOpen);
    expect(() => openSettings(schema, { token: sealed['keys']! }, key)).toThrow('"token" cannot be opened');
    expect(() => openSettings(schema, { token: { sealed: 'v1.AAAA' } }, key)).toThrow(CannotOpen);
  });

  test('are masked', () => {
    expect(maskSettings(schema, sealSettings(schema, settings, key))).toEqual({
      host: 'h',
      token: { set: true },
      keys: { set: true },
      smtp: { user: 'u', password: { set: true } },
      extra: true,
    });
  });

  test('keep a secret that a change does not name', () => {
    const stored = sealSettings(schema, settings, key);
    const changed = keepSecrets(
      schema,
      { host: 'new', token: { set: true }, smtp: { user: 'u2', password: 'p2' } },
      stored,
    );
    expect(openSettings(schema, changed, key)).toEqual({
      host: 'new',
      token: 't0p',
      keys: ['a', 1],
      smtp: { user: 'u2', password: 'p2' },
    });
    expect(keepSecrets(schema, { token: { set: true } }, {})).toEqual({});
    const cleared = keepSecrets(
      schema,
      { token: { set: false }, smtp: { password: { set: false } } },
      stored,
    );
    expect(openSettings(schema, cleared, key)).toEqual({ keys: ['a', 1], smtp: {} });
    expect(keepSecrets(schema, { token: null }, stored)).toMatchObject({ token: null });
  });

  test('are never shown to agents, who see what the schema says they may', () => {
    const properties = {
      address: { type: 'string', 'x-agents': true },
      token: { type: 'string', 'x-agents': true, 'x-secret': true },
      port: { type: 'integer' },
      face: {
        type: 'object',
        properties: { signature: { type: 'string', 'x-agents': true }, pin: { 'x-secret': true } },
      },
    };
    const given = { address: 'a@b.cn', token: 't', port: 25, face: { signature: 'Ann', pin: '1' } };
    expect(settingsForAgents({ properties }, given)).toEqual({
      address: 'a@b.cn',
      face: { signature: 'Ann' },
    });
  });
});
