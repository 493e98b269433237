/** Where the database tells what happens to it. A pino logger fits by `(level, message, detail) => log[level](detail, message)`. */
export type DatabaseLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  detail?: Record<string, unknown>,
) => void;

export const silent: DatabaseLog = () => {};
