import 'reflect-metadata';
import { chatWidget } from '@yixian/chat-widget';
import { conversationHub } from '@yixian/conversation-hub';
import { runService } from '@yixian/service';
import { welcome } from './welcome.ts';

await runService([conversationHub, chatWidget], { name: 'yixian', onListening: welcome });
