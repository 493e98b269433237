import type { Edit } from './plants.ts';

/** The source with the edits made. Throws when the place of one is not there exactly once. */
export function withPlant(source: string, edits: Edit[]): string {
  return edits.reduce((text, { file, from, to }) => {
    if (text.split(from).length !== 2)
      throw new Error(`What is to be changed in ${file} is not there once: ${from}`);
    return text.replace(from, () => to);
  }, source);
}
