import 'reflect-metadata';
import { runService } from '@yixian/service';
import { chatWidget } from './app.ts';

await runService([chatWidget]);
