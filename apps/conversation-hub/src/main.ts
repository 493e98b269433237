import 'reflect-metadata';
import { runService } from '@yixian/service';
import { conversationHub } from './app.ts';

await runService([conversationHub]);
