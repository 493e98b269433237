import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatWidget } from '@yixian/chat-widget';
import { conversationHub } from '@yixian/conversation-hub';
import { emailAdapter } from '@yixian/email-adapter';
import { listSettings, readSettings } from '@yixian/service';
import { wechatAdapter } from '@yixian/wechat-adapter';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

interface ComposeService {
  image: string;
  build?: object;
  command?: string[];
  environment: Record<string, string>;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
}

const read = (): { services: Record<string, ComposeService> } =>
  parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8'), { merge: true });
const { services } = read();

/** The schema of Compose files, as compose-go 2.16.2 has it (compose-spec/compose-go, Apache-2.0). */
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const isCompose = ajv.compile(
  JSON.parse(readFileSync(join(import.meta.dirname, 'compose-spec.json'), 'utf8')) as object,
);
const ours = Object.entries(services).filter(([, service]) => service.build);
const apps = [conversationHub, chatWidget, emailAdapter, wechatAdapter];

/** `${NAME:-default}` as Compose fills it in, with a value for what has no default. */
const filled = (text: string) =>
  String(text).replaceAll(/\$\{\w+(?::-(.*?)|:\?.*?)?\}/g, (_, preset?: string) => preset ?? 'x'.repeat(64));
const environmentOf = ({ environment }: ComposeService) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));

describe('docker/compose.yaml', () => {
  it('is a Compose file', () => {
    isCompose(read());
    expect(isCompose.errors).toBeNull();
  });

  it.each([
    [
      'an unknown key',
      (file: ReturnType<typeof read>) => Object.assign(file.services.kafka!, { helthcheck: {} }),
    ],
    [
      'a port that is no port',
      (file: ReturnType<typeof read>) => (file.services['chat-widget']!.ports = 'all' as never),
    ],
    [
      'a condition that does not exist',
      (file: ReturnType<typeof read>) =>
        (file.services['chat-widget']!.depends_on!.kafka!.condition = 'service_well'),
    ],
  ])('would not be with %s', (_, plant) => {
    const file = structuredClone(read());
    plant(file);
    expect(isCompose(file)).toBe(false);
  });

  it('starts every app that can run as a service', () => {
    const runnable = readdirSync(join(root, 'apps')).filter(
      (app) => app !== 'standalone' && existsSync(join(root, 'apps', app, 'src/main.ts')),
    );
    expect(runnable.filter((app) => services[app]?.command?.[0] !== `dist/apps/${app}/main.js`)).toEqual([]);
  });

  it('gives our processes only settings that exist, and such as they start with', () => {
    const known = new Set(listSettings(apps).map(({ name }) => name));
    for (const [, service] of ours) {
      expect(Object.keys(service.environment).filter((name) => !known.has(name))).toEqual([]);
      expect(() => readSettings(apps, environmentOf(service))).not.toThrow();
    }
  });

  it('lets services wait for the migration of every schema', () => {
    expect(services.migrate?.command).toEqual(['dist/apps/standalone/main.js', 'migrate']);
    for (const { name } of apps) {
      expect(services[name]?.environment.MIGRATE).toBe('wait');
      expect(services[name]?.depends_on?.migrate?.condition).toBe('service_completed_successfully');
    }
  });

  it('takes every right away that is not needed', () => {
    for (const service of Object.values(services)) {
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
    }
    for (const [, service] of ours) expect(service).toMatchObject({ user: '1000:1000', read_only: true });
  });

  it('pins what it pulls, and publishes nothing but the public ports, to this machine', () => {
    for (const service of Object.values(services).filter(({ build }) => !build))
      expect(service.image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    const published = Object.entries(services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name).sort()).toEqual([
      'chat-widget',
      'conversation-hub',
      'email-adapter',
      'mailpit',
      'wechat-adapter',
    ]);
    for (const [, { ports }] of published)
      expect(filled(ports![0]!)).toMatch(/^127\.0\.0\.1:\d+:(3000|2525|8025)$/);
  });

  it('holds no secret', () => {
    const example = readFileSync(join(root, 'docker/example.env'), 'utf8');
    expect(example).toMatch(/^YIXIAN_SECRET=$/m);
    expect(example).toMatch(/^POSTGRES_PASSWORD=$/m);
  });
});
