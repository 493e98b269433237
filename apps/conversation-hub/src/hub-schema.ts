import type { SchemaPart } from '@yixian/database';
import { ContactRow } from './contacts/contact.entity.ts';
import { IdentityConflictRow } from './contacts/identity-conflict.entity.ts';
import { IdentityLinkRow } from './contacts/identity-link.entity.ts';
import { HubRecordTables1795309200000 } from './migrations/1795309200000-record-tables.ts';
import { HubRecordJson1795309200001 } from './migrations/1795309200001-record-json.ts';
import { HubRecordContacts1795309200002 } from './migrations/1795309200002-record-contacts.ts';
import { HubRecordWrites1795309200003 } from './migrations/1795309200003-record-writes.ts';
import { HubIngest1795309200004 } from './migrations/1795309200004-ingest.ts';
import { HubThreadsAndAddresses1795613400000 } from './migrations/1795613400000-threads-and-addresses.ts';
import { HubIngestThreads1795613400001 } from './migrations/1795613400001-ingest-threads.ts';
import { HubSuggestions1795613400002 } from './migrations/1795613400002-suggestions.ts';
import { HubLeanIngest1795617000000 } from './migrations/1795617000000-lean-ingest.ts';
import { HubWordlessPreviews1795626000000 } from './migrations/1795626000000-wordless-previews.ts';
import { HubOneMessage1795628000000 } from './migrations/1795628000000-one-message.ts';
import { HubIngestInCompany1795638600000 } from './migrations/1795638600000-ingest-in-company.ts';
import { HubIngestReadsOnce1795640400000 } from './migrations/1795640400000-ingest-reads-once.ts';

/** What the record of the hub brings to the database: schema `hub`. */
export const hubSchema = {
  entities: [ContactRow, IdentityConflictRow, IdentityLinkRow] as Function[],
  migrations: [
    HubRecordTables1795309200000,
    HubRecordJson1795309200001,
    HubRecordContacts1795309200002,
    HubRecordWrites1795309200003,
    HubIngest1795309200004,
    HubThreadsAndAddresses1795613400000,
    HubIngestThreads1795613400001,
    HubSuggestions1795613400002,
    HubLeanIngest1795617000000,
    HubWordlessPreviews1795626000000,
    HubOneMessage1795628000000,
    HubIngestInCompany1795638600000,
    HubIngestReadsOnce1795640400000,
  ] as Function[],
} satisfies SchemaPart;
