/** A look at everything, which changes nothing. */
export type { Check } from './check.js';
export { type ExamineOptions, examine } from './examine.js';
