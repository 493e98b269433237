import { begin } from '@yixian/service/begin';

begin();
await import('./run.ts');
