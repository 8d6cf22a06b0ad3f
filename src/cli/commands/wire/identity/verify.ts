/** `overspan wire identity verify`: whether the address of an identity follows from its keys. */
import type { Command } from 'commander';

import { exitCodes } from '../../../../base/errors.ts';
import { formatAddress } from '../../../../base/ids.ts';
import { identityRules } from '../../../../crypto/address-derivation.ts';
import { nodeProvider } from '../../../../io/crypto/index.ts';
import { validateInWorker } from '../../../../io/identity/index.ts';
import { ownsIdentity } from '../../../../wire/identity.ts';
import type { Act } from '../../../context.ts';
import { identityArgument, readIdentityArgument, type GivenIdentity } from './identity-argument.ts';

/** The rules of identities, and the one of secret keys. */
const rules = {
  ...identityRules,
  'wrong-secret-key': 'the secret key is not that of the public key',
} as const;

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<identity>', identityArgument)
    .addHelpText(
      'after',
      '\nExits with 1 where the identity is not valid, and says which rule it breaks. A secret key is checked, too.',
    )
    .action(
      act(async (cli, word: string) => {
        const given = await readIdentityArgument(cli, word);
        let brokenRule: keyof typeof rules | null;
        try {
          brokenRule = await brokenRuleOf(given, cli.signal);
        } catch (error) {
          if (cli.signal.aborted) return exitCodes.interrupted;
          throw error;
        }
        const address = formatAddress(given.identity.address);
        const valid = brokenRule === null;
        if (cli.json) {
          const hasSecretKey = given.secret !== null;
          cli.printJson({ address, valid, brokenRule, hasSecretKey });
        } else if (brokenRule === null) {
          const keys = given.secret === null ? 'its public key' : 'its public and secret keys';
          cli.print(`${address} is valid: it follows from ${keys}`);
        } else {
          cli.print(`${address} is not valid: ${brokenRule}: ${rules[brokenRule]}`);
        }
        return valid ? exitCodes.done : exitCodes.failed;
      }),
    );
}

/** The secret key first: that is cheap. */
async function brokenRuleOf(
  { identity, secret }: GivenIdentity,
  signal: AbortSignal,
): Promise<keyof typeof rules | null> {
  if (secret !== null && !ownsIdentity(nodeProvider(), secret)) return 'wrong-secret-key';
  return validateInWorker(identity, { signal });
}
