import type { DynamicModule, Type } from '@nestjs/common';
import type { Bus } from '@yixian/bus';
import type { Clock, TopicSpec } from '@yixian/contracts';
import type { Database, SchemaPart } from '@yixian/database';
import type { MediaStore } from '@yixian/media';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';

/**
 * What one application is: declared once, run alone by its `main.ts` or beside others by `standalone`.
 * Nest modules get what is below by class or token injection from the global module of `runService`.
 */
export interface App<S extends z.ZodObject = z.ZodObject> {
  /** `conversation-hub`: names logs, metrics, the consumer group and `ce_source`. */
  name: string;
  /** The environment variables it reads, each with `.describe()`; checked together with all others at start. */
  settings: S;
  schema?: SchemaPart;
  /** Topics to create at start beside those of the contracts; others are created when first used. */
  topics?: readonly TopicSpec[];
  /** Paths below which request bodies are left unread, for doors that must see the very bytes: to check a signature. */
  rawBodies?: readonly string[];
  module(context: AppContext<z.infer<S>>): DynamicModule | Type;
}

export interface AppContext<S> {
  settings: S;
  database: Database;
  bus: Bus;
  media: MediaStore;
  clock: Clock;
  log: Logger;
  /** The service's master secret (YIXIAN_SECRET): keys for sealing and signing are derived from it by purpose. */
  secret: MasterSecret;
  /** Where an app registers its own metrics. */
  metrics: Registry;
  /** PUBLIC_URL without a slash at the end, if it was given. */
  publicUrl: string | undefined;
  /** TRUST_PROXY: how many reverse proxies stand in front. For `clientAddress`. */
  trustProxy: number;
}

export interface MasterSecret {
  /** 32 bytes for one purpose (`account-settings`, `media-links`); HKDF-SHA-256, RFC 5869. */
  key(purpose: string): Buffer;
}
