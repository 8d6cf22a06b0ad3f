/** Generators of the values that messages are made of, for property tests. */
import fc from 'fast-check';

import type { Address, Mac, NetworkId, PacketId } from '../../src/base/ids.ts';
import type { CertificateOfMembership } from '../../src/wire/credentials/certificate-of-membership.ts';
import type { Identity } from '../../src/wire/identity.ts';
import type { InetAddress, IpEndpoint } from '../../src/wire/inet-address.ts';
import type { MulticastGroup } from '../../src/wire/multicast-group.ts';
import type { World } from '../../src/wire/world.ts';

export const u8: fc.Arbitrary<number> = fc.nat(0xff);
export const u16: fc.Arbitrary<number> = fc.nat(0xffff);
export const u32: fc.Arbitrary<number> = fc.nat(0xffff_ffff);
export const u64: fc.Arbitrary<bigint> = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);

/** Any 40 bits. */
export const address = fc.nat(0xff_ffff_ffff) as fc.Arbitrary<Address>;
/** Any 48 bits. */
export const mac = fc.nat(0xffff_ffff_ffff) as fc.Arbitrary<Mac>;
export const networkId = u64 as fc.Arbitrary<NetworkId>;
export const packetId = u64 as fc.Arbitrary<PacketId>;

/** Bytes. @param max - at most so many */
export const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });
/** So many bytes. */
export const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

export const multicastGroup: fc.Arbitrary<MulticastGroup> = fc.record({ mac, adi: u32 });

export const ipEndpoint: fc.Arbitrary<IpEndpoint> = fc.oneof(
  fc.record({ kind: fc.constant('ipv4' as const), address: u32, port: u16 }),
  fc.record({ kind: fc.constant('ipv6' as const), address: exactly(16), port: u16 }),
);

export const inetAddress: fc.Arbitrary<InetAddress> = fc.oneof(
  fc.constant({ kind: 'nil' as const }),
  ipEndpoint,
  fc.record({
    kind: fc.constant('opaque' as const),
    type: fc.constantFrom(1 as const, 2 as const),
    bytes: exactly(6),
  }),
);

/** With an address that is not reserved; not one that follows from its key. */
export const identity: fc.Arbitrary<Identity> = fc.record({
  address: fc.integer({ min: 1, max: 0xfe_ffff_ffff }) as fc.Arbitrary<Address>,
  publicKey: exactly(64),
});

export const world: fc.Arbitrary<World> = fc.record({
  kind: fc.constantFrom('planet' as const, 'moon' as const),
  id: u64,
  timestamp: u64,
  updateKey: exactly(64),
  signature: exactly(96),
  roots: fc.array(fc.record({ identity, endpoints: fc.array(inetAddress, { maxLength: 3 }) }), {
    maxLength: 2,
  }),
  trailing: fc.constant(new Uint8Array(0)),
});

/** Signed or not; ids ascend. */
export const certificateOfMembership: fc.Arbitrary<CertificateOfMembership> = fc
  .tuple(
    fc.uniqueArray(fc.record({ id: u64, value: u64, maxDelta: u64 }), {
      maxLength: 8,
      selector: ({ id }) => id,
    }),
    fc.oneof(
      fc.record({
        signedBy: fc.integer({ min: 1, max: 0xff_ffff_ffff }) as fc.Arbitrary<Address>,
        signature: exactly(96),
      }),
      fc.constant({ signedBy: 0 as Address, signature: new Uint8Array(0) }),
    ),
  )
  .map(([qualifiers, signed]) => ({
    qualifiers: qualifiers.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...signed,
  }));
