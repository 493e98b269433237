// Writes docs/asyncapi.yaml from libs/contracts.
import { run } from '../typescript.mjs';

await run('tools/asyncapi/write.ts');
