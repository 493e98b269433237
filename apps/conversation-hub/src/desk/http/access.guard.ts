import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Refused } from '@yixian/service';
import type { Request } from 'express';
import { Access } from '../../agents/access.ts';
import { mayDo } from '../../agents/role-rank.ts';
import { routeNamed } from '../../openapi/routes.ts';
import type { Caller, RequestOfCaller } from './caller.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets a request pass when its caller has the role that the table of routes asks for. What is not in it is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestOfCaller>();
    const route = routeNamed(nameOf(request));
    if (!route) throw new Refused('forbidden', 'This path is closed.');
    if (route.role === 'anyone') return true;
    const caller = await this.access.ofRequest(request.headers);
    if (!caller) throw new Refused('unauthenticated', 'Log in first, or send a token.');
    checkCsrf(request, caller);
    if (!mayDo(caller.role, route.role))
      throw new Refused('forbidden', `This takes the role ${route.role}; you have ${caller.role}.`);
    request.caller = caller;
    return true;
  }
}

function nameOf(request: Request): string {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return `${method} ${(request.route as { path: string }).path}`;
}

/** A cookie goes along with requests that other sites make a browser send; this header does not. */
function checkCsrf(request: Request, caller: Caller): void {
  if (caller.via !== 'session' || READS.has(request.method)) return;
  const given = Buffer.from(request.get('x-csrf-token') ?? '');
  const right = Buffer.from(caller.csrf);
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new Refused('forbidden', 'The header x-csrf-token is missing or wrong.');
}
