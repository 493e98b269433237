export { derivedId, entryIdOf } from './derived-id.ts';
export { CannotOpen, keepSecrets, maskSettings, openSettings, sealSettings } from './sealed-settings.ts';
