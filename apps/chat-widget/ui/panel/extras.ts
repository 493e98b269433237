/** What most visits never need: a chunk of its own, loaded when it is wanted. */
export { bringFiles } from './bring-files.ts';
export { Scan, toggleCode } from './scan.tsx';
export { Sending } from './sending.tsx';
export { StartForm } from './start-form.tsx';
export { Survey } from './survey.tsx';
