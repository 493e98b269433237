import type { Clock } from '@yixian/contracts';
import { Refused } from '@yixian/service';
import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { z } from 'zod';
import type { Site } from './site.ts';

/** Seconds. A token is for one visit, not for keeping. */
const LONGEST = 3600;
/** Seconds by which the site's clock may be off. */
const SKEW = 60;

const Claims = z.object({
  sub: z.string().min(1).max(200),
  iat: z.number(),
  exp: z.number(),
  iss: z.string().max(100).optional(),
  name: z.string().max(200).optional(),
  email: z.email().max(320).optional(),
  email_verified: z.boolean().optional(),
  phone: z.string().max(40).optional(),
});

/** Somebody the site knows and has signed for. */
export interface KnownCustomer {
  /** Unique among all sites of this installation, unless they name the same issuer. */
  external: string;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  /** For the audit of a link that rests on it. */
  evidence: string;
}

/**
 * Reads a JWT that the site's back end signed for the visitor: HS256 by the site's secret, EdDSA or RS256 by its
 * public keys; `sub`, `iat`, `exp` at most an hour later, and `aud` = the site. Throws {@link Refused} with
 * `token_expired`, or `token_invalid` for everything else that is wrong.
 */
export async function readIdentityToken(token: string, site: Site, clock: Clock): Promise<KnownCustomer> {
  const { payload } = await verified(token, site, {
    audience: site.id,
    requiredClaims: ['sub', 'iat', 'exp'],
    clockTolerance: SKEW,
    currentDate: new Date(clock.now()),
  });
  return customerIn(payload, site, clock);
}

async function verified(token: string, site: Site, options: JWTVerifyOptions): Promise<JWTVerifyResult> {
  let refusal: unknown;
  for (const verify of waysFor(token, site)) {
    try {
      return await verify(options);
    } catch (error) {
      refusal = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  if (refusal instanceof errors.JWTExpired)
    throw new Refused('token_expired', 'The identity token has expired.');
  throw invalid('The identity token is not one that this site signed.', refusal);
}

/** One for each key it may be signed with. The key decides the algorithm, never the token. */
function waysFor(token: string, site: Site): ((options: JWTVerifyOptions) => Promise<JWTVerifyResult>)[] {
  if (algorithmOf(token) === 'HS256') {
    return [site.identitySecret, site.identitySecretBefore]
      .filter(Boolean)
      .map(
        (secret) => (options) => jwtVerify(token, Buffer.from(secret), { ...options, algorithms: ['HS256'] }),
      );
  }
  if (!site.identityKeys) return [];
  const keys = createLocalJWKSet(JSON.parse(site.identityKeys) as JSONWebKeySet);
  return [(options) => jwtVerify(token, keys, { ...options, algorithms: ['EdDSA', 'Ed25519', 'RS256'] })];
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch (error) {
    throw invalid('The identity token is not a JWT.', error);
  }
}

function customerIn(payload: JWTPayload, site: Site, clock: Clock): KnownCustomer {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw invalid('The identity token has claims of the wrong form.', claims.error);
  const { sub, iat, exp, iss, name, email, email_verified, phone } = claims.data;
  if (exp - iat > LONGEST) throw invalid('The identity token is good for more than an hour.');
  if (iat > clock.now() / 1000 + SKEW) throw invalid('The identity token is from the future.');
  const issuer = iss ?? site.id;
  return {
    external: `${issuer}:${sub}`,
    name,
    email: email_verified === false ? undefined : email?.toLowerCase(),
    phone,
    evidence: `jwt:${issuer}`,
  };
}

const invalid = (message: string, cause?: unknown) => new Refused('token_invalid', message, { cause });
