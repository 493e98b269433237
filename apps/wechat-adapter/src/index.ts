export { wechatAdapter } from './app.ts';
export { simulatedAccounts } from './simulator/simulated-accounts.ts';
export { WECHAT, WechatChannel } from './wechat-channel.ts';
