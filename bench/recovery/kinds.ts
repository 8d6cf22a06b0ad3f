/** The kinds of nodes that are measured: how each is started. All speak the same API, on the TCP port of the same number. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** UDP, and TCP of the API. */
export const port = 9993;

/** A kind. */
export interface NodeKind {
  readonly name: string;
  /** Whether it is the one that ours is measured against. */
  readonly isReference: boolean;
  /** Puts into a home what it needs besides the planet. */
  prepare(home: string): Promise<void>;
  /** The words that run a node in the foreground. */
  argv(home: string): readonly string[];
}

/** What `overspan` is where it is installed. */
const overspan = join(import.meta.dirname, '../../dist/bin/overspan.js');

/** Ours, as built. */
export const overspanKind: NodeKind = {
  name: 'overspan',
  isReference: false,
  prepare: () => Promise.resolve(),
  argv: (home) => [
    ...[process.execPath, overspan, 'up', '-v', '--home', home, '--port', String(port)],
  ],
};

/** The official one, where ZEROTIER_ONE or the PATH has it; it asks nobody on the internet anything. */
export function officialKind(): NodeKind | null {
  const program =
    process.env['ZEROTIER_ONE'] ??
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((directory) => join(directory, 'zerotier-one'))
      .find((file) => existsSync(file));
  if (program === undefined || !existsSync(program)) return null;
  const settings = {
    portMappingEnabled: false,
    allowSecondaryPort: false,
    allowTcpFallbackRelay: false,
    softwareUpdate: 'disable',
  };
  return {
    name: 'zerotier-one',
    isReference: true,
    prepare: (home) => writeFile(join(home, 'local.conf'), JSON.stringify({ settings })),
    argv: (home) => [program, '-U', `-p${port}`, home],
  };
}
