import { z } from 'zod';
import type { App } from '../app.ts';
import { contradictions, ServiceSettings } from './service-settings.ts';

export type Environment = Record<string, string | undefined>;

/** The environment of this process: read here, and nowhere else. */
export const processEnvironment = (): Environment => process.env;

/** The environment is not what the process needs. The message lists every mistake, in words. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings';
  constructor(readonly mistakes: { name: string; message: string }[]) {
    const lines = mistakes.map(({ name, message }) => `  ${name} ${message}`);
    super(`The settings are not right:\n${lines.join('\n')}`);
  }
}

export interface ReadSettings {
  service: ServiceSettings;
  /** By the name of the app. */
  apps: Map<string, Record<string, unknown>>;
}

/** Reads what the process and its apps need. Throws {@link SettingsError} with all mistakes of all of them together. */
export function readSettings(apps: Pick<App, 'name' | 'settings'>[], environment: Environment): ReadSettings {
  // An empty variable is how a compose file or a shell says "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const mistakes: { name: string; message: string }[] = [];
  const read = <S extends z.ZodObject>(schema: S): z.infer<S> | undefined => {
    const result = schema.safeParse(given);
    if (result.success) return result.data;
    mistakes.push(...result.error.issues.map((issue) => inWords(issue, given)));
    return undefined;
  };
  const service = read(ServiceSettings);
  const ofApps = new Map(apps.map(({ name, settings }) => [name, read(settings) ?? {}]));
  if (service) mistakes.push(...contradictions(service));
  if (!service || mistakes.length > 0) throw new SettingsError(unique(mistakes));
  return { service, apps: ofApps };
}

/** Values are never told: they may be secrets. */
function inWords(issue: z.core.$ZodIssue, given: Environment): { name: string; message: string } {
  const name = String(issue.path[0] ?? '');
  if (given[name] === undefined) return { name, message: 'is missing' };
  return { name, message: issue.message };
}

/** Two apps may read the same variable. */
function unique(mistakes: { name: string; message: string }[]): { name: string; message: string }[] {
  return [...new Map(mistakes.map((mistake) => [`${mistake.name} ${mistake.message}`, mistake])).values()];
}

/** One environment variable, for the documentation. */
export interface SettingDescription {
  name: string;
  description: string;
  default?: unknown;
  required: boolean;
  /** `service`, or the name of the app. */
  of: string;
}

/** Every setting of the process and of the given apps, in the order they are declared. */
export function listSettings(apps: Pick<App, 'name' | 'settings'>[]): SettingDescription[] {
  return [{ name: 'service', settings: ServiceSettings }, ...apps].flatMap(({ name: of, settings }) => {
    const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
    return Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { description = '', default: preset } = property as { description?: string; default?: unknown };
      return { name, description, default: preset, required: schema.required?.includes(name) ?? false, of };
    });
  });
}
