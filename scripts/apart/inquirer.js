export { default } from 'inquirer';
