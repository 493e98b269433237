import type { LocalText } from '@yixian/contracts';

/** What a setting is called, and what helps to fill it in, for the schema that a channel announces. */
export const said = (zh: string, en: string, zhHelp?: string, enHelp?: string) => ({
  'x-label': { 'zh-CN': zh, en } satisfies LocalText,
  ...(zhHelp && enHelp && { 'x-help': { 'zh-CN': zhHelp, en: enHelp } satisfies LocalText }),
});

/** What the values of a choice are called. */
export const called = (options: Record<string, [zh: string, en: string]>) => ({
  'x-options': Object.fromEntries(
    Object.entries(options).map(([value, [zh, en]]) => [value, { 'zh-CN': zh, en } satisfies LocalText]),
  ),
});
