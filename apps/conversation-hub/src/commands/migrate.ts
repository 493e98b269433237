import 'reflect-metadata';
import { runService } from '@yixian/service';
import { conversationHub } from '../app.ts';

// The migration job: a service that is told so by its first argument brings the schema up to date and exits.
process.argv.splice(2, 0, 'migrate');
await runService([conversationHub]);
