/**
 * Choosing the cryptographic library of a process: OpenSSL by FFI where it can be had and answers rightly, else
 * `node:crypto`, which is always there.
 */
import { errorMessage } from '../../base/errors.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { cryptoError } from './errors.ts';
import { firstWrongAnswer } from './known-answers.ts';
import { nodeProvider } from './node-provider.ts';
import { opensslProvider } from './openssl-provider.ts';

export { nodeProvider, opensslProvider };

/** The variable that forces a choice: `node` or `openssl`. Unset or empty: the best that works. */
export const cryptoVariable = 'OVERSPAN_CRYPTO';

/** What choosing takes. */
export interface ChooseProviderOptions {
  /** Gets one sentence where the faster library is not used though nobody asked for that. */
  readonly log: (message: string) => void;
  /** Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Makes the faster provider; another one in tests. */
  readonly openssl?: () => CryptoProvider;
}

/**
 * Chooses; a few milliseconds, for the self-test.
 *
 * @throws CRYPTO_UNKNOWN for an unknown name in {@link cryptoVariable}; CRYPTO_UNAVAILABLE where it forces a library
 *   that cannot be used
 */
export function chooseProvider(options: ChooseProviderOptions): CryptoProvider {
  const { log, environment = process.env, openssl = opensslProvider } = options;
  const forced = environment[cryptoVariable] ?? '';
  switch (forced) {
    case 'node':
      return nodeProvider();
    case 'openssl':
      return tested(openssl());
    case '':
      break;
    default:
      throw cryptoError('CRYPTO_UNKNOWN', `${cryptoVariable} names no library of ours: ${forced}`, {
        remedy: `Set ${cryptoVariable} to node or openssl, or unset it.`,
      });
  }
  try {
    return tested(openssl());
  } catch (error) {
    log(`Packets are encrypted by node:crypto, which is slower: ${errorMessage(error)}`);
    return nodeProvider();
  }
}

/** The provider itself. @throws CRYPTO_UNAVAILABLE where it answers wrongly */
function tested(provider: CryptoProvider): CryptoProvider {
  const wrong = firstWrongAnswer(provider);
  if (wrong === null) return provider;
  throw cryptoError('CRYPTO_UNAVAILABLE', `${provider.name} gives a wrong answer: ${wrong}`, {
    remedy: `Set ${cryptoVariable}=node, and report this with the version and platform of Node.`,
  });
}
