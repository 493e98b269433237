import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * scrypt (RFC 7914) with N = 2^15, r = 8, p = 3: the equal of N = 2^17, p = 1 in OWASP's password storage sheet, at
 * 32 MiB per hash instead of 128, so that several log in at once on a small machine. About 0.2 s of one core.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const PARAMETERS: Parameters = { ln: 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Node refuses to use more than this; 128·N·r is what scrypt needs, and a little for itself. */
const maxmem = ({ ln, r }: Parameters) => 128 * 2 ** ln * r + 1024 * 1024;

interface Parameters {
  ln: number;
  r: number;
  p: number;
}

/** The password as it is stored, in the PHC format: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, PARAMETERS);
  const { ln, r, p } = PARAMETERS;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether the password is the one that was stored. Without a stored one the answer is no, but takes as long, so that
 * nobody learns from the time whether an agent exists.
 */
export async function passwordFits(password: string, stored: string | undefined): Promise<boolean> {
  const [, ln, r, p, salt, hash] =
    /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored ?? nobody) ?? [];
  if (!salt || !hash) throw new Error('A stored password cannot be read.');
  const parameters = { ln: Number(ln), r: Number(r), p: Number(p) };
  const key = await derive(password, Buffer.from(salt, 'base64url'), parameters);
  return timingSafeEqual(key, Buffer.from(hash, 'base64url')) && stored !== undefined;
}

const { ln, r, p } = PARAMETERS;
const nobody = `$scrypt$ln=${ln},r=${r},p=${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const { ln, r, p } = parameters;
  const options = { N: 2 ** ln, r, p, maxmem: maxmem(parameters) };
  return new Promise((resolve, reject) => {
    // One form for what looks the same, however a keyboard composed it (RFC 8265).
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
