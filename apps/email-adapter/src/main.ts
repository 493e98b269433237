import 'reflect-metadata';
import { runService } from '@yixian/service';
import { emailAdapter } from './app.ts';

await runService([emailAdapter]);
