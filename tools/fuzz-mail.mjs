// `npm run fuzz:mail [COUNT] [SEED]`: 50,000 mutated mails, none of which may crash or stop the parser.
import { run } from './typescript.mjs';

await run('apps/email-adapter/testing/fuzz.ts');
