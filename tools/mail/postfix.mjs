import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../kafka/free-ports.mjs';
import { needProgram } from './packages.mjs';
import { ServerProcess } from './server-process.mjs';

const PROGRAM = '/usr/sbin/postfix';

/** See `postfix.d.mts`. */
export async function startPostfix({ lmtp }) {
  needProgram(PROGRAM, ['postfix']);
  if (process.getuid?.() !== 0) throw new Error('Postfix can only be started by root.');
  const [port] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'yixian-postfix-'));
  for (const name of ['etc', 'queue', 'data']) mkdirSync(join(folder, name));
  chmodSync(folder, 0o755);
  execFileSync('chown', ['postfix', join(folder, 'data')]);
  writeFileSync(join(folder, 'etc/main.cf'), mainConfiguration({ folder, lmtp }));
  writeFileSync(join(folder, 'etc/master.cf'), services(port));
  const server = new ServerProcess(PROGRAM, ['-c', join(folder, 'etc'), 'start-fg']);
  await server.start([port]);
  return {
    port,
    /** Tries again at once what waits in its queue. */
    flush: () => execFileSync('/usr/sbin/postqueue', ['-c', join(folder, 'etc'), '-f']),
    stop: async () => {
      // Its master has left our process group.
      execFileSync(PROGRAM, ['-c', join(folder, 'etc'), 'stop'], { stdio: 'ignore' });
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mainConfiguration({ folder, lmtp }) {
  const routes = Object.entries(lmtp).map(([domain, port]) => `{ ${domain} = lmtp:inet:127.0.0.1:${port} }`);
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
relay_domains = ${Object.keys(lmtp).join(', ')}
transport_maps = inline:{ ${routes.join(', ')} }
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 52428800
smtputf8_enable = yes
maillog_file = ${folder}/maillog
maillog_file_prefixes = ${folder}, /var, /dev
alias_maps =
alias_database =
biff = no
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
lmtp_destination_concurrency_limit = 20
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
`;
}

/** https://www.postfix.org/master.5.html, without what runs on timers of its own. */
function services(port) {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
