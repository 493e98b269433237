export { conversationHub } from './app.ts';
export { Accounts } from './accounts/accounts.ts';
export { ensureFirstAdmin } from './agents/first-admin.ts';
export type { FirstAdmin } from './agents/first-admin.ts';
