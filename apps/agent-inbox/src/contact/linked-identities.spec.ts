import { expect, it } from '@jest/globals';
import type { ContactId, IdentityLink } from '@yixian/contracts';
import { uuid } from '../../testing/a-desk.ts';
import { linkedIdentities } from './linked-identities.ts';

const contact = uuid(100) as ContactId;
const link = (n: number, more: object = {}) =>
  ({
    id: uuid(n),
    identityId: uuid(200 + n),
    act: 'link',
    to: contact,
    undoes: null,
    ...more,
  }) as unknown as IdentityLink;

it('are those linked and not unlinked since', () => {
  const links = [link(1), link(2), link(3, { act: 'unlink', undoes: uuid(2), identityId: uuid(202) })];
  expect([...linkedIdentities(links, contact)]).toEqual([uuid(201)]);
  expect([...linkedIdentities([link(4, { to: uuid(101) })], contact)]).toEqual([]);
});
