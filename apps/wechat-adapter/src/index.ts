export { wechatAdapter } from './app.ts';
export { SIMULATED_OFFICIAL_ACCOUNT, simulatedAccounts } from './simulator/simulated-accounts.ts';
export { WECHAT, WechatChannel } from './wechat-channel.ts';
