/** The settings of config.json, and the key that encrypts them and the other files with secrets. */
export { KEY_VARIABLE, NEW_KEY_VARIABLE, type Rekeyed, rekey } from './rekey.js';
export {
  changeSetting,
  isSecretSetting,
  readSettingList,
  SETTING_KEYS,
  type Setting,
  type SettingKey,
  type SettingValue,
  settingKey,
  settingValue,
} from './setting.js';
