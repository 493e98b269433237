import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../kafka/free-ports.mjs';
import { needProgram } from './packages.mjs';
import { ServerProcess } from './server-process.mjs';

const PROGRAM = '/usr/sbin/dovecot';
const isRoot = process.getuid?.() === 0;
/** Dovecot never reads mail as root. */
const USER = isRoot ? 'nobody' : userInfo().username;

/** See `dovecot.d.mts`. */
export async function startDovecot({ introspectionUrl } = {}) {
  needProgram(PROGRAM, ['dovecot-imapd', 'dovecot-lmtpd']);
  const [imapPort, lmtpPort] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), 'yixian-dovecot-'));
  const { uid, gid, group } = idsOf(USER);
  for (const name of ['run', 'mail', 'state']) mkdirSync(join(folder, name));
  const config = join(folder, 'dovecot.conf');
  writeFileSync(config, configuration({ folder, imapPort, lmtpPort, uid, gid, group, introspectionUrl }));
  if (introspectionUrl) writeFileSync(join(folder, 'oauth2.conf'), introspection(introspectionUrl));
  if (isRoot) execFileSync('chown', ['-R', `${USER}:${group}`, folder]);
  chmodSync(folder, 0o755);
  const start = ['-F', '-c', config];
  const server = isRoot
    ? new ServerProcess('setpriv', [
        `--reuid=${USER}`,
        `--regid=${group}`,
        '--clear-groups',
        PROGRAM,
        ...start,
      ])
    : new ServerProcess(PROGRAM, start);
  await server.start([imapPort, lmtpPort]);
  return {
    imapPort,
    lmtpPort,
    password: 'secret',
    killImapWorkers: () => killImapWorkers(server.pid),
    renumber: (user) => renumber(join(folder, 'mail', user, 'Maildir')),
    restart: async () => {
      await server.stop();
      await server.start([imapPort, lmtpPort]);
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes the numbers of a mailbox away, and puts back into its inbox what was moved to `Processed`. */
function renumber(maildir) {
  for (const name of readdirSync(maildir)) {
    if (/^dovecot[-.]/.test(name)) rmSync(join(maildir, name));
  }
  const processed = join(maildir, '.Processed/cur');
  for (const name of readdirSync(processed)) renameSync(join(processed, name), join(maildir, 'cur', name));
}

/** kill -9 of every process that serves an IMAP connection. Gives how many there were. */
function killImapWorkers(master) {
  const workers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isImapWorker(pid, master));
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}

function isImapWorker(pid, master) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === 'imap' && Number(parent) === master;
  } catch {
    return false; // It ended meanwhile.
  }
}

function idsOf(user) {
  const of = (flag) => execFileSync('id', [flag, user], { encoding: 'utf8' }).trim();
  return { uid: of('-u'), gid: of('-g'), group: of('-gn') };
}

/** Any user, one password; runs without root, nothing of the machine's own configuration. */
function configuration({ folder, imapPort, lmtpPort, uid, gid, group, introspectionUrl }) {
  return `
protocols = imap lmtp
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login${introspectionUrl ? ' xoauth2' : ''}
default_internal_user = ${USER}
default_internal_group = ${group}
default_login_user = ${USER}
mail_uid = ${uid}
mail_gid = ${gid}
first_valid_uid = 1
mail_home = ${folder}/mail/%n
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 secs
mail_fsync = never
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
hostname = mail.test
auth_username_format = %Ln
mail_max_userip_connections = 100
${introspectionUrl ? tokenLogin(folder) : ''}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%n allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  chroot =
  user = ${USER}
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}

const tokenLogin = (folder) => `
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = ${folder}/oauth2.conf
}
`;

const introspection = (url) => `
introspection_mode = auth
introspection_url = ${url}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
`;
