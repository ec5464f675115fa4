import { join } from 'node:path';
import { type ServiceProgram, shellCommand } from './program.js';
import { MARK, type ServiceFile } from './service-file.js';

export const LABEL = 'gmail-events';

/** An agent of the logged-in user. launchd knows no exit codes: what fails is started again, at most every ten seconds. */
export function launchAgent(program: ServiceProgram, userHome: string): ServiceFile {
  const { node, binary, home, nameHome, environmentFile } = program;
  // It reads no environment files, so a shell does.
  const words =
    environmentFile === null ? [node, binary, 'watch'] : ['/bin/sh', '-c', shellCommand(program, ['watch'])];
  const log = join(userHome, 'Library', 'Logs', 'gmail-events.log');
  const variables =
    nameHome && environmentFile === null
      ? `  <key>EnvironmentVariables</key>
  <dict>
    <key>GMAIL_EVENTS_HOME</key>
    ${text(home)}
  </dict>
`
      : '';
  return {
    name: `${LABEL}.plist`,
    content: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${MARK} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    ${text(word)}`).join('\n')}
  </array>
${variables}  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>30</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardErrorPath</key>
  ${text(log)}
</dict>
</plist>
`,
  };
}

function text(value: string): string {
  return `<string>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</string>`;
}
