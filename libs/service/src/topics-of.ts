import { topics } from '@yixian/contracts';
import type { TopicSpec } from '@yixian/contracts';
import type { App } from './app.ts';

/** The topics a process with these apps creates and may subscribe to. */
export function topicsOf(apps: Pick<App, 'topics'>[]): TopicSpec[] {
  return [...new Set([...Object.values(topics), ...apps.flatMap((app) => app.topics ?? [])])];
}
