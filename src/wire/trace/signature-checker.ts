/**
 * Verifies every signature in a message: credentials and configuration chunks by their network's controller, custody by
 * whoever handed a capability on, worlds by the key that the revision before them named.
 */
import type { Address } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { capabilitySigners, verifyCapability, type Capability } from '../credentials/capability.ts';
import {
  verifyCertificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import { verifyCertificateOfOwnership } from '../credentials/certificate-of-ownership.ts';
import { verifyRevocation } from '../credentials/revocation.ts';
import { verifyTag } from '../credentials/tag.ts';
import { verifyConfigChunk, type ConfigChunk } from '../network-config/config-chunk.ts';
import type { NetworkConfig } from '../network-config/network-config.ts';
import { controllerOf } from '../network-id.ts';
import type { Message } from '../verbs/index.ts';
import type { NetworkCredentials } from '../verbs/network-credentials.ts';
import type { Ok } from '../verbs/ok.ts';
import type { IdentityBook } from './identity-book.ts';
import type { SignatureVerdict } from './trace-record.ts';
import type { WorldBook } from './world-book.ts';

type Verify<T> = (provider: CryptoProvider, publicKey: Uint8Array, value: T) => boolean;

/** Checks messages against the books, which it only reads. */
export class SignatureChecker {
  readonly #provider: CryptoProvider;
  readonly #identities: IdentityBook;
  readonly #worlds: WorldBook;

  constructor(provider: CryptoProvider, identities: IdentityBook, worlds: WorldBook) {
    this.#provider = provider;
    this.#identities = identities;
    this.#worlds = worlds;
  }

  /** The verdicts of all signatures in a message, in their order. */
  check(message: Message): readonly SignatureVerdict[] {
    switch (message.name) {
      case 'NETWORK_CREDENTIALS':
        return this.#credentials(message.value);
      case 'NETWORK_CONFIG':
        return [this.#chunk(message.value)];
      case 'EXT_FRAME':
      case 'MULTICAST_FRAME':
      case 'MULTICAST_GATHER':
        return this.#membership(message.value.certificate);
      case 'OK':
        return this.#ok(message.value);
      default:
        return [];
    }
  }

  /** The verdicts of the credentials in a network configuration. */
  checkConfiguration(value: NetworkConfig): readonly SignatureVerdict[] {
    return this.#credentials({
      certificatesOfMembership: value.membership === null ? [] : [value.membership],
      capabilities: value.capabilities,
      tags: value.tags,
      revocations: null,
      certificatesOfOwnership: value.ownerships,
    });
  }

  #credentials(value: NetworkCredentials): SignatureVerdict[] {
    return [
      ...value.certificatesOfMembership.flatMap((each) => this.#membership(each)),
      ...(value.capabilities ?? []).map((each) => this.#capability(each)),
      ...(value.tags ?? []).map((each) => this.#signed('tag', each, verifyTag)),
      ...(value.revocations ?? []).map((each) =>
        this.#signed('revocation', each, verifyRevocation),
      ),
      ...(value.certificatesOfOwnership ?? []).map((each) =>
        this.#signed('certificate of ownership', each, verifyCertificateOfOwnership),
      ),
    ];
  }

  #ok({ body }: Ok): SignatureVerdict[] {
    if (body.kind === 'network-config-request') return [this.#chunk(body.value)];
    if (body.kind === 'multicast-frame') return this.#membership(body.value.certificate);
    if (body.kind !== 'hello') return [];
    return (body.value.worlds ?? []).map((world) => ({
      what: world.kind === 'null' ? 'world' : world.kind,
      signer: null,
      verdict: this.#worlds.verdict(world),
    }));
  }

  #membership(value: CertificateOfMembership | null): SignatureVerdict[] {
    if (value === null) return [];
    const what = 'certificate of membership';
    if (value.signedBy === 0) return [{ what, signer: null, verdict: 'unsigned' }];
    return [this.#signed(what, value, verifyCertificateOfMembership)];
  }

  #chunk(value: ConfigChunk): SignatureVerdict {
    const what = 'configuration chunk';
    const signedBy = controllerOf(value.networkId);
    if (value.kind === 'unsigned') return { what, signer: signedBy, verdict: 'unsigned' };
    return this.#signed(what, { ...value, signedBy }, verifyConfigChunk);
  }

  #signed<T extends { readonly signedBy: Address }>(
    what: string,
    value: T,
    verify: Verify<T>,
  ): SignatureVerdict {
    const signer = value.signedBy;
    const identity = this.#identities.identity(signer);
    if (identity === null) return { what, signer, verdict: 'unknown' };
    const isGood = verify(this.#provider, identity.publicKey, value);
    return { what, signer, verdict: isGood ? 'good' : 'bad' };
  }

  #capability(value: Capability): SignatureVerdict {
    const keyOf = (address: Address): Uint8Array | null =>
      this.#identities.identity(address)?.publicKey ?? null;
    const signers = capabilitySigners(value);
    const signer = signers[0] ?? null;
    const missing = signers.find((address) => keyOf(address) === null);
    if (missing !== undefined) return { what: 'capability', signer: missing, verdict: 'unknown' };
    const isGood = verifyCapability(this.#provider, keyOf, value);
    return { what: 'capability', signer, verdict: isGood ? 'good' : 'bad' };
  }
}
