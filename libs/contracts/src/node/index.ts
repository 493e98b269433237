export { derivedId, entryIdOf } from './derived-id.ts';
