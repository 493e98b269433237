import type { Rebuilt } from './rebuild.ts';

/** What a rebuild found, in words for a terminal. The last line says it all. */
export function rebuildReport(result: Rebuilt): string {
  const { models, gaps, differences, conversations, facts, rate, equal } = result;
  return [
    ...models.map(
      ({ model, rows, live, fresh }) =>
        `${model.padEnd(14)} ${String(rows).padStart(10)} rows   ${live === fresh ? `equal ${live}` : `DIFFERENT ${live} ≠ ${fresh}`}`,
    ),
    ...gaps.slice(0, 20).map((gap) => `gap: conversation ${gap.conversation} after version ${gap.after}`),
    ...differences.map((difference) => `differs: ${JSON.stringify(difference)}`),
    `${equal ? 'Equal' : 'DIFFERENT'}: ${conversations} conversations from ${facts} facts, ${rate}/s, ${gaps.length} gaps.`,
  ].join('\n');
}
