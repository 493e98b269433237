export { chatWidget } from './app.ts';
export { CHAT, ChatChannel } from './chat-channel.ts';
export { SiteSettings } from './site.ts';
