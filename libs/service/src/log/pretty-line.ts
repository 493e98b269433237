const colours: Record<string, string> = {
  debug: '\x1b[2m',
  info: '',
  warn: '\x1b[33m',
  error: '\x1b[31m',
  fatal: '\x1b[31m',
};
const RESET = '\x1b[0m';

/** A JSON line as a person reads it: time, level, who, what, then the rest as `name=value`. */
export function prettyLine(line: string): string {
  const { level, time, name, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(rest).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const words = String(level).toUpperCase().padEnd(5);
  const head = `${String(time).slice(11, 23)} ${words} ${String(name)}: ${String(msg ?? '')}${details.join('')}`;
  const { stack, message } = (err ?? {}) as { stack?: string; message?: string };
  const trail = err ? `\n${stack ?? message ?? JSON.stringify(err)}` : '';
  return `${colours[String(level)] ?? ''}${head}${trail}${RESET}\n`;
}
