export { derivedId, entryIdOf } from './derived-id.ts';
export {
  CannotOpen,
  keepSecrets,
  maskSettings,
  openSettings,
  sealSettings,
  settingsForAgents,
} from './sealed-settings.ts';
