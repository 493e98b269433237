import 'reflect-metadata';
import { chatWidget } from '@yixian/chat-widget';
import { conversationHub } from '@yixian/conversation-hub';
import { emailAdapter } from '@yixian/email-adapter';
import { runService } from '@yixian/service';
import { wechatAdapter } from '@yixian/wechat-adapter';
import { welcome } from './welcome.ts';

await runService([conversationHub, chatWidget, emailAdapter, wechatAdapter], {
  name: 'yixian',
  onListening: welcome,
});
