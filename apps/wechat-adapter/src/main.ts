import 'reflect-metadata';
import { runService } from '@yixian/service';
import { wechatAdapter } from './app.ts';

await runService([wechatAdapter]);
