/**
 * Which files of a home a backup holds: what a node is, what it has joined and what its operator has set. Not what it can
 * learn again (`peers.d`), nor what is so only while it runs (ports, locks). Names are checked at both ends, so that a
 * backup can write to no other place.
 */
import type { Home } from '../home.ts';

/** A file of a home, by its name below it. */
export interface KeptFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What makes a home one: written last, so that a home that has it has everything. */
export const identityFile = 'identity.secret';

/** The directory of the home, and which of its names. */
const kinds: readonly (readonly [directory: string, name: RegExp])[] = [
  [
    '',
    /^(identity\.secret|identity\.public|authtoken\.secret|metricstoken\.secret|planet|planet\.key|local\.conf)$/,
  ],
  ['moons.d', /^[0-9a-f]{16}\.moon$/],
  ['networks.d', /^[0-9a-f]{16}(\.local)?\.conf$/],
];

/** Whether a backup may hold a file of that name. */
export function isKept(name: string): boolean {
  const slash = name.indexOf('/');
  const directory = name.slice(0, Math.max(0, slash));
  return kinds.some(([kind, pattern]) => kind === directory && pattern.test(name.slice(slash + 1)));
}

/** Whether a file says that a network was joined. */
export function isJoinedNetwork(name: string): boolean {
  return /^networks\.d\/[0-9a-f]{16}\.conf$/.test(name);
}

/** Those that are there, by name. @throws HOME_UNUSABLE */
export async function keptFiles(home: Home): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const [directory, pattern] of kinds)
    for (const each of await home.names(directory, pattern)) {
      const name = directory === '' ? each : `${directory}/${each}`;
      const bytes = await home.read(name);
      if (bytes !== null) files.push({ name, bytes });
    }
  return files;
}
