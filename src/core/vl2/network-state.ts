/** What the parts of one joined network share: who we are in it, its configuration, and whom it admits. No behaviour. */
import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import type { Identity } from '../../wire/identity.ts';
import { macMask, maskMac } from '../../wire/mac.ts';
import type { NetworkConfig } from '../../wire/network-config/network-config.ts';
import { controllerOf, isAdHoc } from '../../wire/network-id.ts';
import { randomBelow } from '../random-order.ts';
import type { Vl1 } from '../vl1-port.ts';
import { BridgeTable } from './bridge-table.ts';
import { CredentialStore } from './credential-store.ts';
import { Members } from './members.ts';
import { factsOf, noFacts, type NetworkFacts } from './network-facts.ts';
import { OwnGroups } from './own-groups.ts';
import { NetworkRules } from './rules/network-rules.ts';
import type { RemoteSide } from './rules/rule-frame.ts';

/** The state of one joined network. */
export class NetworkState {
  readonly id: NetworkId;
  readonly self: Address;
  /** Null: nobody controls it. */
  readonly controller: Address | null;
  /** What all Ethernet addresses of members have in common, see `macMask`. */
  readonly macMask: Mac;
  /** Ours. */
  readonly mac: Mac;
  readonly members: Members;
  readonly ownGroups: OwnGroups = new OwnGroups();
  readonly bridges: BridgeTable = new BridgeTable();
  readonly credentials: CredentialStore;
  readonly #vl1: Vl1;
  #controllerKey: Uint8Array | null = null;
  #config: NetworkConfig | null = null;
  #facts: NetworkFacts = noFacts;
  #rules: NetworkRules | null = null;

  constructor(vl1: Vl1, id: NetworkId) {
    this.#vl1 = vl1;
    this.id = id;
    this.self = vl1.self.identity.address;
    this.controller = isAdHoc(id) ? null : controllerOf(id);
    this.macMask = macMask(id);
    this.mac = maskMac(this.macMask, this.self);
    this.members = new Members(this.macMask);
    this.credentials = new CredentialStore({
      provider: vl1.provider,
      networkId: id,
      self: this.self,
      publicKeyOf: (address) => this.publicKeyOf(address),
    });
  }

  /**
   * The public key of a node, 64 bytes; null where it is not known. That of the controller is kept: VL1 forgets who is not
   * heard, and members must be able to verify each other's certificates while the controller is away.
   */
  publicKeyOf(address: Address): Uint8Array | null {
    if (address !== this.controller) return this.#vl1.identityOf(address)?.publicKey ?? null;
    this.#controllerKey ??= this.#vl1.identityOf(address)?.publicKey.slice() ?? null;
    return this.#controllerKey;
  }

  /** Null: none came yet. */
  get config(): NetworkConfig | null {
    return this.#config;
  }

  get facts(): NetworkFacts {
    return this.#facts;
  }

  /** Null: there is no configuration. */
  get rules(): NetworkRules | null {
    return this.#rules;
  }

  /** Sets the configuration, which nothing takes away again. @param config - kept */
  configure(config: NetworkConfig): void {
    const { entropy } = this.#vl1;
    this.#config = config;
    this.#facts = factsOf(config);
    this.#rules = new NetworkRules(config, () => randomBelow(entropy, 0x1_0000_0000));
    this.credentials.configure(config);
  }

  /** Whether a node may use the network: everything that comes from it hangs on this (vl2 5.2, `gate`). */
  admitsIdentity(identity: Identity): boolean {
    return this.credentials.isAllowed(identity);
  }

  /** The same by address; false for whom we do not know. */
  admits(address: Address): boolean {
    const identity = this.#vl1.identityOf(address);
    return identity !== null && this.credentials.isAllowed(identity);
  }

  /** What rules may ask of another; null where nothing is held of it. */
  remoteSide(address: Address): RemoteSide | null {
    return this.credentials.sideOf(address);
  }
}
