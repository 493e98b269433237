import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needProgram } from '../../../tools/mail/packages.mjs';

/** Files of a certificate for localhost that nobody but itself has signed, and of its key. */
export interface SelfMadeCertificate {
  cert: string;
  key: string;
  remove(): void;
}

export function selfMadeCertificate(): SelfMadeCertificate {
  needProgram('/usr/bin/openssl', ['openssl']);
  const folder = mkdtempSync(join(tmpdir(), 'yixian-certificate-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  return { cert, key, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
