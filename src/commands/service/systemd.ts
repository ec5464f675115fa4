import type { ServiceProgram } from './program.js';
import { MARK, type ServiceFile } from './service-file.js';

/**
 * What a user's own systemd can enforce: it has no privileges, so the mounts below come with a user namespace, and are left
 * out by systemd where the system allows none. No memory protection: V8 compiles as it runs.
 */
const HARDENING = `NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0077`;

export const WATCH_UNIT = 'gmail-events.service';
export const POLL_UNIT = 'gmail-events-poll.service';
export const TIMER_UNIT = 'gmail-events-poll.timer';

/** Polls and delivers until it is stopped. Exit codes 2, 4 and 5 need a person: starting again would change nothing. */
export function watchUnit(program: ServiceProgram): ServiceFile {
  return {
    name: WATCH_UNIT,
    content: `# ${MARK}
[Unit]
Description=gmail-events: polls Gmail and delivers events
Documentation=man:gmail-events(1)
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart=${execStart(program, ['watch'])}
${environment(program)}Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 4 5
SuccessExitStatus=130 143
TimeoutStopSec=30
${HARDENING}
ReadWritePaths=${word(`-${program.home}`)}

[Install]
WantedBy=default.target
`,
  };
}

/** The same as a cron line, by systemd: one run a minute. What is to be retried (3, 75) is the next run's. */
export function pollUnits(program: ServiceProgram): ServiceFile[] {
  return [
    {
      name: POLL_UNIT,
      content: `# ${MARK}
[Unit]
Description=gmail-events: polls and delivers what is due
Documentation=man:gmail-events(1)

[Service]
Type=oneshot
ExecStart=${execStart(program, ['poll', '--due', '--quiet'])}
${environment(program)}SuccessExitStatus=75
TimeoutStartSec=infinity
${HARDENING}
ReadWritePaths=${word(`-${program.home}`)}
`,
    },
    {
      name: TIMER_UNIT,
      content: `# ${MARK}
[Unit]
Description=gmail-events: polls and delivers what is due, every minute
Documentation=man:gmail-events(1)

[Timer]
OnCalendar=minutely
AccuracySec=5s
Persistent=yes
Unit=${POLL_UNIT}

[Install]
WantedBy=timers.target
`,
    },
  ];
}

function environment({ home, nameHome, environmentFile }: ServiceProgram): string {
  const lines = [
    ...(nameHome ? [`Environment=${word(`GMAIL_EVENTS_HOME=${home}`)}`] : []),
    ...(environmentFile === null ? [] : [`EnvironmentFile=${specifiers(environmentFile)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function execStart({ node, binary }: ServiceProgram, args: string[]): string {
  // In a command line, and there alone, $ begins a variable.
  return [node, binary, ...args].map((each) => word(each).replaceAll('$', '$$$$')).join(' ');
}

/** One word of a unit file, whatever it holds. */
function word(text: string): string {
  const escaped = specifiers(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return /[\s"'\\;]/.test(text) ? `"${escaped}"` : escaped;
}

function specifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
