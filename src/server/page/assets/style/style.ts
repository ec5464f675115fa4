import { COLOURS } from './colours.js';
import { FORMS } from './forms.js';
import { PARTS } from './parts.js';
import { PLOTS } from './plots.js';
import { SHELL } from './shell.js';
import { TABLES } from './tables.js';

/** The one style sheet of the page. */
export const STYLE = [COLOURS, SHELL, FORMS, PARTS, TABLES, PLOTS].join('\n');
