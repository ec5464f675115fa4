export { ICON_PATH, registerAssets, SCRIPT_PATH, STYLE_PATH } from './register.js';
