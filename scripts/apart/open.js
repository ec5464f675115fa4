export { default } from 'open';
