export { emailAdapter } from './app.ts';
export { EMAIL, EmailChannel } from './email-channel.ts';
