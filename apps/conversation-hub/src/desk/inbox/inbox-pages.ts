import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LOGGER } from '@yixian/service';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { DESK } from '../desk-options.ts';
import type { DeskOptions } from '../desk-options.ts';
import { encodingFor, readInboxFiles } from './inbox-files.ts';
import type { InboxFile } from './inbox-files.ts';

/** Nothing but our own files runs; no string ever becomes script. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/**
 * For the pages among the assets: empty frames that the inbox fills with customers' HTML. Nothing runs in them,
 * whatever it is; a link opens a tab of its own; only images of our own doors are loaded.
 */
const FRAME_POLICY = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** Paths that are never a page of the inbox. */
const DOORS = /^\/(api|media|socket\.io)(\/|$)/;

/** The inbox at `/`: its files, and its one page for every path that no other part of the process answers. */
@Injectable()
export class InboxPages implements OnModuleInit {
  private readonly files: Map<string, InboxFile>;

  constructor(
    @Inject(DESK) private readonly desk: DeskOptions,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly host: HttpAdapterHost,
  ) {
    this.files = readInboxFiles(desk.inboxDir);
  }

  /** Nest has registered all routes by now and not yet its answer to unknown paths. */
  onModuleInit(): void {
    if (!this.files.has('/index.html'))
      this.log.warn({ folder: this.desk.inboxDir }, 'The inbox is not built; only the API is served.');
    (this.host.httpAdapter.getInstance() as Express).use((request, response, next) =>
      this.give(request, response, next),
    );
  }

  /** Which build of the inbox is served; another one after a deployment. */
  get build(): string {
    return this.files.get('/index.html')?.etag.slice(1, -1) ?? 'none';
  }

  private give(request: Request, response: Response, next: NextFunction): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const file = this.files.get(request.path) ?? this.page(request);
    if (!file) return next();
    const encoding = encodingFor(file, request.get('accept-encoding') ?? '');
    setHeaders(response, file);
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    if (request.get('if-none-match')?.includes(file.etag)) return void response.status(304).end();
    const content = file.content[encoding] ?? file.content.identity;
    response.setHeader('content-length', content.length);
    response.end(request.method === 'HEAD' ? undefined : content);
  }

  /** The inbox finds out itself which of its pages a path is. */
  private page(request: Request): InboxFile | undefined {
    if (DOORS.test(request.path) || !request.accepts('html')) return undefined;
    return /\.\w+$/.test(request.path) ? undefined : this.files.get('/index.html');
  }
}

function setHeaders(response: Response, file: InboxFile): void {
  response.setHeader('content-type', file.type);
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (file.type.startsWith('text/html'))
    response.setHeader('content-security-policy', file.immutable ? FRAME_POLICY : POLICY);
}
