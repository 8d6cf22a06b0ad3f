/**
 * The text of what systemd reads: the unit, the user it runs as, and its environment. Words are written by the rules of
 * systemd.service(5) "COMMAND LINES", systemd.exec(5) "EnvironmentFile=" and sysusers.d(5).
 */

/** The user, the unit and the directories are called so. */
export const serviceName = 'overspan';
/** The home of the node; systemd makes it and gives it to the user. */
export const stateDirectory = `/var/lib/${serviceName}`;

/** How the service runs its node. */
export interface UnitOptions {
  /** Absolute paths, of Node.js and of the file that it runs. */
  readonly node: string;
  readonly program: string;
  /** Words after `overspan up`. */
  readonly words: readonly string[];
  readonly environmentFile: string;
}

/** The unit. */
export function unitText({ node, program, words, environmentFile }: UnitOptions): string {
  const command = [node, program, 'up', '--home', stateDirectory, ...words].map(commandWord);
  return `[Unit]
Description=Overspan node
After=network.target postgresql.service
# A root or a database may be away for long: it goes on trying.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command.join(' ')}
EnvironmentFile=-${environmentFile}
User=${serviceName}
Group=${serviceName}
StateDirectory=${serviceName}
StateDirectoryMode=0700
UMask=0077
Restart=on-failure
RestartSec=5
# Wrong words or a file that is none of its kind: to start again does not mend it.
RestartPreventExitStatus=2

# Of root's rights, that to make network devices, and no way to more.
AmbientCapabilities=CAP_NET_ADMIN
CapabilityBoundingSet=CAP_NET_ADMIN
NoNewPrivileges=yes
RestrictSUIDSGID=yes

# PrivateDevices= would hide /dev/net/tun, so all devices but that are closed.
DevicePolicy=closed
DeviceAllow=/dev/net/tun rw
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes

# AF_NETLINK: addresses and routes of the devices. AF_UNIX: a database beside it, and the log.
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
SystemCallArchitectures=native
# Traced: all that a node with a device calls is in here, but for what V8 asks about keys of memory.
SystemCallFilter=@system-service pkey_alloc pkey_free pkey_mprotect
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute= must stay off: V8, the engine of Node.js, writes machine code and then runs it.

[Install]
WantedBy=multi-user.target
`;
}

/** The user, for systemd-sysusers. */
export function sysusersText(): string {
  return `u ${serviceName} - "Overspan node" ${stateDirectory}\n`;
}

/** The environment of the service. @param values - without control characters */
export function environmentText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\$`]/g, '\\$&')}"\n`)
    .join('');
}

/** One word of a command line: `%` is a specifier and `$` a variable there, in quotes, too. */
export function commandWord(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@%$+,=-]+$/.test(word) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`;
}
