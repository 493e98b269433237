import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAbsences, checkArrows } from './check.mjs';

const root = join(import.meta.dirname, '../..');

const node = (type: string) => ({ data: { tags: [`type:${type}`] } });
const edge = (source: string, target: string, type = 'static') => ({ source, target, type });

describe('arrows', () => {
  const nodes = { contracts: node('contracts'), bus: node('bus'), hub: node('hub'), chat: node('adapter') };

  it('lets an allowed import pass', () => {
    expect(checkArrows({ nodes, dependencies: { bus: [edge('bus', 'contracts')] } })).toEqual([]);
  });

  it('names a forbidden import', () => {
    expect(checkArrows({ nodes, dependencies: { chat: [edge('chat', 'bus')] } })).toEqual([
      'chat → bus: adapter may not import bus',
    ]);
  });

  it('names a cycle and an unknown type', () => {
    const dependencies = { bus: [edge('bus', 'contracts')], contracts: [edge('contracts', 'bus')] };
    expect(checkArrows({ nodes, dependencies })).toContain('cycle: contracts → bus → contracts');
    expect(checkArrows({ nodes: { x: { data: { tags: [] } } }, dependencies: { x: [] } })).toHaveLength(1);
  });

  it('does not count what only has to be built before', () => {
    expect(checkArrows({ nodes, dependencies: { hub: [edge('hub', 'chat', 'implicit')] } })).toEqual([]);
  });
});

describe('absences', () => {
  it.each([
    ['apps/conversation-hub/src/intake/intake.ts', `if (channel === 'chat') skip();`],
    ['apps/sms-adapter/src/sms-channel.ts', `import { Pool } from 'pg';`],
    ['apps/chat-widget/src/visitor.ts', `query('select 1 from hub.contact')`],
    ['libs/bus/src/relay.ts', `const brokers = process.env.KAFKA_BROKERS;`],
    ['libs/bus/src/relay.ts', `import kafka from 'kafkajs';`],
    ['libs/bus/src/relay.ts', `const at = Date.now();`],
    ['apps/sms-adapter/src/from-sms.ts', `const body = await read();`],
    ['libs/contracts/src/ids.ts', `import { readFileSync } from 'node:fs';`],
    ['libs/service/src/utils/text.ts', ``],
    ['libs/service/src/session-manager.ts', ``],
  ])('finds what must not be in %s: %s', (path, text) => {
    expect(checkAbsences([{ path, text }])).toHaveLength(1);
  });

  it('does not take a comment for code', () => {
    const text = `// the hub never says 'chat'\n/* process.env */\nconst url = 'https://example.com';`;
    expect(checkAbsences([{ path: 'apps/conversation-hub/src/intake/intake.ts', text }])).toEqual([]);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  const run = () =>
    spawnSync(process.execPath, [join(root, 'tools/architecture/architecture.mjs'), folder], {
      encoding: 'utf8',
    });

  beforeAll(() => {
    for (const file of ['nx.json', 'package.json', 'tsconfig.base.json', 'jest.preset.mjs'])
      cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const lib of ['contracts', 'bus']) {
      mkdirSync(join(folder, 'libs', lib, 'src'), { recursive: true });
      cpSync(join(root, 'libs', lib, 'project.json'), join(folder, 'libs', lib, 'project.json'));
    }
    mkdirSync(join(folder, 'apps'));
    mkdirSync(join(folder, 'tools'));
    writeFileSync(join(folder, '.gitignore'), 'node_modules\n.nx\n');
    writeFileSync(join(folder, 'libs/contracts/src/index.ts'), `export const word = 'word';\n`);
    writeFileSync(join(folder, 'libs/bus/src/index.ts'), `export { word } from '@yixian/contracts';\n`);
    execFileSync('git', ['init', '-q'], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes a clean house and fails a planted arrow, from Nx’s own graph', () => {
    expect(run()).toMatchObject({ status: 0 });
    writeFileSync(join(folder, 'libs/contracts/src/planted.ts'), `export { word } from '@yixian/bus';\n`);
    const red = run();
    expect(red.status).toBe(1);
    expect(red.stderr).toContain('contracts → bus: contracts may not import bus');
  }, 60_000);
});
