/** `overspan root show`: what a planet or moon says. */
import { join } from 'node:path';

import type { Command } from 'commander';

import { formatAddress, formatU64 } from '../../../base/ids.ts';
import { toHex } from '../../../base/bytes.ts';
import { nodeProvider } from '../../../io/crypto/index.ts';
import { formatInetAddress } from '../../../wire/inet-address.ts';
import { verifyWorld, world } from '../../../wire/world.ts';
import type { Act } from '../../context.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('[file]', 'a planet or moon (default: the planet of the home directory)').action(
    act(async (cli, word: string | undefined) => {
      const { readWorld } = await import('../../../daemon/index.ts');
      const file = word ?? join(cli.home, 'planet');
      const value = await readWorld(file);
      const isOwnSignature = verifyWorld(nodeProvider(), value.updateKey, value);
      if (cli.json) {
        cli.printJson({ ...(world.toJson(value) as object), file, isOwnSignature });
        return undefined;
      }
      cli.print(`${value.kind} ${formatU64(value.id)} (${value.id})`);
      cli.print(`  revision   ${value.timestamp}, ${dateOf(value.timestamp)}`);
      cli.print(`  next by    ${toHex(value.updateKey.subarray(0, 16))}…`);
      const signed = isOwnSignature ? 'the same key' : 'another key, that of the revision before';
      cli.print(`  signed by  ${signed}`);
      for (const { identity, endpoints } of value.roots)
        cli.print(
          `  root       ${formatAddress(identity.address)}  ${endpoints.map(formatInetAddress).join(' ')}`,
        );
      return undefined;
    }),
  );
}

/** The greatest time that a date can be. */
const dateMax = 8_640_000_000_000_000n;

function dateOf(timestamp: bigint): string {
  return timestamp <= dateMax ? new Date(Number(timestamp)).toISOString() : 'no date';
}
