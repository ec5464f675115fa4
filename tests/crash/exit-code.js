/**
 * Loaded by NODE_OPTIONS=--import: writes the code that the program ends with to the file EXIT_LOG. Under a limit of file
 * sizes the system may end the process by SIGXFSZ behind that, when Node no longer ignores it and the database is closed.
 */
import { writeFileSync } from 'node:fs';

process.on('exit', (code) => writeFileSync(process.env.EXIT_LOG ?? '', String(code)));
