import { writeFileSync } from 'node:fs';
import { asyncApiDocument } from './document.ts';

writeFileSync('docs/asyncapi.yaml', asyncApiDocument());
