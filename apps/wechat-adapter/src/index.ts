export { wechatAdapter } from './app.ts';
export { WECHAT, WechatChannel } from './wechat-channel.ts';
