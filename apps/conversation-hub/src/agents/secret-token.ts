import { createHash, randomBytes } from 'node:crypto';

/** A random secret of 256 bits; nothing is gained by hashing such a one slowly. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How a secret is kept: whoever reads the database cannot use it. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
