/** `overspan wire identity show`: what an identity says; whether its secret key is there, but never the key. */
import type { Command } from 'commander';

import { toHex } from '../../../../base/bytes.ts';
import { escapeText } from '../../../../base/escape.ts';
import { formatAddress } from '../../../../base/ids.ts';
import { nodeProvider } from '../../../../io/crypto/index.ts';
import { formatIdentity, identityFingerprint } from '../../../../wire/identity.ts';
import type { Act } from '../../../context.ts';
import { identityArgument, readIdentityArgument } from './identity-argument.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command.argument('<identity>', identityArgument).action(
    act(async (cli, word: string) => {
      const { identity, secret, file } = await readIdentityArgument(cli, word);
      const address = formatAddress(identity.address);
      const publicKey = toHex(identity.publicKey);
      const fingerprint = toHex(identityFingerprint(nodeProvider(), identity));
      const hasSecretKey = secret !== null;
      const text = formatIdentity(identity);
      if (cli.json) {
        cli.printJson({
          address,
          type: 0,
          publicKey,
          fingerprint,
          hasSecretKey,
          identity: text,
          file,
        });
        return undefined;
      }
      cli.print(address);
      cli.print(`  type         0 (X25519 and Ed25519)`);
      cli.print(`  public key   ${publicKey}`);
      cli.print(`  SHA-384      ${fingerprint}`);
      const where = file === null ? 'in the text that was given' : `in ${escapeText(file, 4096)}`;
      cli.print(`  secret key   ${hasSecretKey ? `${where}, not shown` : 'not there'}`);
      cli.print(`  identity     ${text}`);
      return undefined;
    }),
  );
}
