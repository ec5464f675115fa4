export { activitySection } from './activity.js';
