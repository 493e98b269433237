// The house's rules as data: design of the folders, who may import whom, and what must be absent.

/** Which project may import which, by the tag `type:*` of its project.json. `standalone` may import everything. */
export const arrows = {
  contracts: [],
  database: ['contracts'],
  bus: ['contracts', 'database'],
  media: ['contracts'],
  channel: ['contracts', 'bus', 'database', 'media'],
  service: ['contracts', 'bus', 'database', 'media'],
  hub: ['contracts', 'database', 'bus', 'media', 'service'],
  adapter: ['contracts', 'channel', 'media', 'service'],
  inbox: ['contracts'],
  standalone: ['contracts', 'database', 'bus', 'media', 'channel', 'service', 'hub', 'adapter', 'inbox'],
  tool: [
    'contracts',
    'database',
    'bus',
    'media',
    'channel',
    'service',
    'hub',
    'adapter',
    'inbox',
    'standalone',
  ],
};

const isSpec = (path) =>
  /\.spec\.tsx?$/.test(path) || path.includes('/testing/') || path.includes('/journeys/');
const isBrowser = (path) => path.startsWith('apps/agent-inbox/') || path.startsWith('apps/chat-widget/ui/');
const isAdapter = (path) => /^apps\/([a-z]+-adapter|chat-widget)\/src\//.test(path);
const shipped = (path) => /^(apps|libs)\//.test(path) && /\.tsx?$/.test(path) && !isSpec(path);

/**
 * Sentences about the source, each with the files it speaks of and a pattern that must not occur in them.
 * Comments are taken out before the pattern is tried.
 */
export const absences = [
  {
    rule: 'the hub never names a channel',
    in: (path) => path.startsWith('apps/conversation-hub/src/') && shipped(path),
    // `email` is also what agents log in with and customers claim: it counts beside the word channel.
    pattern: /['"`](chat|wechat|voice|sms)['"`]|channel.{0,20}['"`]email['"`]/i,
  },
  {
    rule: 'an adapter opens no topic and no table by itself',
    in: (path) => isAdapter(path) && shipped(path),
    pattern: /from '(@yixian\/(bus|database)|kafkajs|pg|typeorm|@nestjs\/typeorm)'/,
  },
  {
    rule: 'only the hub touches contacts, conversations and entries',
    in: (path) => shipped(path) && !path.startsWith('apps/conversation-hub/'),
    pattern: /\bhub\.(contact|identity|identity_link|conversation|entry|delivery)\b/,
  },
  {
    rule: 'only settings.ts reads the environment',
    in: (path) => shipped(path) && !path.endsWith('/settings.ts'),
    pattern: /process\.env/,
  },
  {
    rule: 'kafkajs is imported in libs/bus/src/kafka alone',
    in: (path) => shipped(path) && !path.startsWith('libs/bus/src/kafka/'),
    pattern: /(from|import)\s*\(?'kafkajs/,
  },
  {
    rule: 'one Clock: nothing else reads the time or arms a timer',
    in: (path) => shipped(path) && !isBrowser(path) && path !== 'libs/contracts/src/clock.ts',
    pattern: /\bDate\.now\(|\bnew Date\(\)|(?<![.\w])set(Timeout|Interval)\(|\bperformance\.now\(/,
  },
  {
    rule: 'conversion is pure: from-x.ts and to-x.ts do no I/O',
    in: (path) => /\/(from|to)-[a-z-]+\.ts$/.test(path) && shipped(path),
    pattern: /from '(node:(fs|net|http|https|tls|dgram|child_process)[^']*|pg|kafkajs|socket\.io)'|\bawait\b/,
  },
  {
    rule: 'what ships imports no tool',
    in: shipped,
    pattern: /from '(\.\.\/)+tools\//,
  },
  {
    rule: 'contracts does no I/O',
    in: (path) => path.startsWith('libs/contracts/src/') && shipped(path),
    pattern: /from '(node:(?!crypto')[^']+|pg|kafkajs|@nestjs\/[^']+)'/,
  },
];

/** Folder and file names that say nothing. */
export const emptyNames = /(^|\/)(utils?|common|shared|helpers?|misc)(\/|$)|-(manager|helper|util)s?\.tsx?$/;
