/** `overspan peer list`: the nodes that this one knows, and how they are reached. */
import type { Command } from 'commander';

import type { PeerJson } from '../../../api/schema/peer.ts';
import { escapeText } from '../../../base/escape.ts';
import type { Act } from '../../context.ts';
import { connectService } from '../../service.ts';
import { tableLines } from '../../table.ts';

/** Adds the action. */
export function define(command: Command, act: Act): void {
  command.action(
    act(async (cli) => {
      const client = await connectService(cli);
      const peers = await client.peers();
      if (cli.json) cli.printJson({ peers });
      else
        for (const line of tableLines(
          ['address', 'role', 'version', 'latency', 'path'],
          peers.map(rowOf),
        ))
          cli.print(line);
      return undefined;
    }),
  );
}

function rowOf({ address, role, version, latency, paths }: PeerJson): string[] {
  const usable = paths.filter(({ expired }) => !expired);
  const path = usable.find(({ preferred }) => preferred) ?? usable[0];
  return [
    address,
    role.toLowerCase(),
    version === '-1.-1.-1' ? '–' : escapeText(version),
    latency < 0 ? '–' : `${latency} ms`,
    path === undefined ? 'relayed' : escapeText(path.address),
  ];
}
