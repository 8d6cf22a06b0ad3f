/**
 * Our node in the place of each of the three real nodes of `flow.pcap`, from start to the end of the network: everything
 * that it says otherwise than the real one is listed here, with the reason.
 *
 * What is listed must occur, and no more often than it says. Two statements of the same words within 6 s are one: the real
 * node looks every 5 s whether something is to be done, ours does it at once. Numbers in brackets are seconds of the capture.
 */
import { describe, expect, it } from 'vitest';

import { captureRecording, labNetworkId } from '../../test/core/replay/capture-recording.ts';
import {
  compare,
  disagreements,
  statements,
  type Difference,
} from '../../test/core/replay/comparison.ts';
import { frameBytes, framesOf } from '../../test/core/replay/host-inputs.ts';
import type { Name } from '../../test/core/replay/recording.ts';
import { Replay, type SentPacket } from '../../test/core/replay/replay.ts';
import { toHex } from '../base/bytes.ts';
import type { Address } from '../base/ids.ts';
import { qualifier, qualifierIds } from '../wire/credentials/certificate-of-membership.ts';

const windowMs = 6_000;
const recording = captureRecording();

/** What members do otherwise, in the place of A and of B. */
const ofMembers: readonly Difference[] = [
  {
    by: 'ours',
    words: /^[AB]>R suite 3 ECHO empty$/,
    atMost: 50,
    because: 'the way to the root is kept open by ECHO every 4 s, …',
  },
  {
    by: 'real',
    words: /^[AB]>R suite 3 WHOIS 283c5bc4bc$/,
    atMost: 40,
    because: '… not by asking the root for its own identity every 5 s',
  },
  {
    by: 'ours',
    words: /^(A>B|B>A) suite 3 ECHO empty$/,
    atMost: 15,
    because: 'a member that is sent to and was silent for a second is asked whether it is there',
  },
  {
    by: 'ours',
    words: /^(A>[BR]|B>R) suite 3 NETWORK_CONFIG_REQUEST/,
    atMost: 40,
    because: 'who has no answer, or a bad one, asks again after 1.1 s at first, not 5 s',
  },
  {
    by: 'ours',
    words: /^([AB]>R suite 3 MULTICAST_LIKE|A>B suite 3 MULTICAST_LIKE bfb8eb1884000001)/,
    atMost: 55,
    because:
      'new groups, broadcast too, are told at once and 1 s and 5 s later; all groups, when the root greets us',
  },
  {
    by: 'ours',
    words: /^(A>B|B>A) suite 3 MULTICAST_LIKE 283c5bc4bcc3c8a8/,
    atMost: 35,
    because: 'a member that lets us in, or asks for our credentials, is told our groups at once',
  },
  {
    by: 'ours',
    words: /^[AB]>R suite 3 MULTICAST_GATHER \w+ (33:33:ff:|ARP )/,
    atMost: 15,
    because: 'the owner of an address is asked for again after 150, 300, 600 and 1,200 ms',
  },
  {
    by: 'real',
    words: /^[AB]>R suite 3 MULTICAST_GATHER/,
    near: 250,
    atMost: 20,
    because:
      'R is root and controller: asked once a frame, not twice, and for a group without members every 250 ms',
  },
];

/** What members of Overspan's make say besides. */
const ofOverspan: readonly Difference[] = [
  {
    by: 'ours',
    words: /^[AB]>R suite 3 OK re NETWORK_CREDENTIALS 1 revocations of 283c5bc4bcc3c8a8 in force$/,
    atMost: 1,
    because: 'the controller is told which revocations are in force',
  },
];

const differences: Readonly<Record<Name, readonly Difference[]>> = {
  A: [
    ...ofMembers,
    ...ofOverspan,
    {
      by: 'ours',
      words: /^junk to 10\.77\.0\.3\/9995$|^A>B suite 0 HELLO/,
      atMost: 2,
      because: 'RENDEZVOUS is followed though the identity is still on its way [26.8]',
    },
    {
      by: 'ours',
      words: /^A>B over R suite 1 NETWORK_CREDENTIALS/,
      atMost: 1,
      because: 'who is told our groups is shown our credentials before [26.8], …',
    },
    {
      by: 'real',
      words: /^A>B suite 3 NETWORK_CREDENTIALS \{"certificatesOfMembership":\[\{/,
      atMost: 1,
      because: '… not only with the first frame [31.4]',
    },
    {
      by: 'real',
      words: /^A>B suite 3 MULTICAST_FRAME .* ARP for 10\.144\.0\.35 ARP 28 bytes/,
      atMost: 1,
      because:
        'a multicast is kept for 5 s; the real node looks now and then, and kept one for 5.1',
    },
    {
      by: 'real',
      words: /^A>B suite 3 ERROR NEED_MEMBERSHIP_CERTIFICATE re FRAME/,
      near: 1_000,
      atMost: 90,
      because:
        'a member is told every 100 ms at most that it lacks credentials, not for each frame and at each retry',
    },
    {
      by: 'real',
      words: /^A>R suite 3 WHOIS ff00160016$/,
      atMost: 10,
      because: 'an ad hoc network has no controller, so none is asked for',
    },
    {
      by: 'ours',
      words: /^A>B over R suite 0 HELLO to none worlds \d+@\d+ 823441168516@0$/,
      atMost: 1,
      because:
        'the seed of a moon is asked at once; the real node had left the moon before its tick',
    },
  ],
  B: [
    ...ofMembers,
    ...ofOverspan,
    {
      by: 'ours',
      words: /^B>R suite 0 HELLO to 10\.77\.0\.1\/9993/,
      atMost: 6,
      because: 'a root that does not answer is greeted again after 0.3 s at first, not 5 s [1.0]',
    },
    {
      by: 'real',
      words: /^B>A suite 3 MULTICAST_LIKE 283c5bc4bcc3c8a8/,
      atMost: 8,
      because: 'the minute of A counts from when it was last told, which it was in between [151]',
    },
    {
      by: 'ours',
      words: /^B>A suite 3 NETWORK_CREDENTIALS \{"certificatesOfMembership":\[\{/,
      atMost: 1,
      because: 'who asks is shown credentials after 250 ms, not a second, the first time [110.6]',
    },
    {
      by: 'ours',
      words: /^B>A suite 3 OK re MULTICAST_FRAME 283c5bc4bcc3c8a8 ff:ff:ff:ff:ff:ff 1 of 2/,
      atMost: 2,
      because: 'who asks for members of the broadcast group is told that we are one, too',
    },
    {
      by: 'ours',
      words: /^B>A suite 3 ERROR UNSUPPORTED_OPERATION re NETWORK_CONFIG_REQUEST bfb8eb1884000001$/,
      atMost: 1,
      because: 'a member that is no controller says so, …',
    },
    {
      by: 'real',
      words: /^B>A suite 3 ERROR OBJ_NOT_FOUND re NETWORK_CONFIG_REQUEST bfb8eb1884000001$/,
      atMost: 1,
      because: '… not that it has no such network: every real node is a controller',
    },
  ],
  R: [
    {
      by: 'ours',
      words: /^R>B suite (0 HELLO|3 OK re HELLO)/,
      atMost: 2,
      because:
        'the first HELLO of B gets through [1.0]: one newcomer of a /24 does not shut out another',
    },
    {
      by: 'ours',
      words: /^R>[AB] suite 3 ECHO empty$/,
      atMost: 20,
      because: 'a member that is sent to and was silent for a second is asked whether it is there',
    },
    {
      by: 'ours',
      words: /^R>A suite 3 NETWORK_CONFIG .*"revision":"0000000000000003"/,
      atMost: 1,
      because: 'that B is a bridge is made known to A at once [100.7], …',
    },
    {
      by: 'ours',
      words: /^R>A suite 3 NETWORK_CONFIG .*"revision":"0000000000000004"/,
      atMost: 1,
      because: '… and that it is none any more [107.2]',
    },
    {
      by: 'ours',
      words: /^R>[AB] suite 3 NETWORK_CREDENTIALS .*"revocations":\[\{/,
      atMost: 4,
      because: 'a revocation is sent three times [109.3]',
    },
    {
      by: 'real',
      words: /^R>[AB] suite 3 NETWORK_CREDENTIALS .*"revocations":\[\{/,
      atMost: 4,
      because:
        'of several revocations at once [184.0] all but the first are sent when they will be read, after the capture’s end',
    },
  ],
};

const replays = Object.fromEntries(
  (['A', 'B', 'R'] as const).map((name): [Name, Replay] => {
    const replay = new Replay(recording, name);
    replay.run();
    return [name, replay];
  }),
) as Record<Name, Replay>;

const compared = (name: Name): ReturnType<typeof compare> =>
  compare(statements(replays[name].ours), statements(replays[name].real), windowMs);

describe.each(['A', 'B', 'R'] as const)('in the place of %s of the capture', (name) => {
  it('our node says what the real one said, but for what is explained', () => {
    const comparison = compared(name);
    expect(disagreements(comparison, differences[name])).toEqual([]);
    expect(comparison.pairs.length).toBeGreaterThan(130);
  });
});

describe.each([
  ['A', 'B'],
  ['B', 'A'],
] as const)('in the place of %s', (name, other) => {
  const replay = replays[name];
  const address = (of: Name): Address => recording.nodes[of].identity.identity.address;

  it(`the host gets every frame of ${other} that the real node did not refuse, and no others`, () => {
    const refused = new Set(
      replay.real.flatMap(({ message }) =>
        message?.name === 'ERROR' ? [message.value.inRePacketId] : [],
      ),
    );
    const letThrough = replay
      .sentBy(other)
      .filter(({ id, destination }) => destination === address(name) && !refused.has(id));
    const expected = framesOf(address(other), letThrough)
      // The bridge that B is no more carries nothing, and says nothing.
      .filter(({ t, destination }) => !(t > 110_000 && destination === bridgedMac))
      .map((frame) => toHex(frameBytes(frame)));
    const given = replay.frames.map(({ bytes }) => toHex(bytes));
    expect(given.length).toBeGreaterThan(30);
    expect(given.sort()).toEqual(expected.sort());
  });

  it('shows no certificate that is older than what the real one showed', () => {
    const ages = compared(name).pairs.flatMap(({ ours, real }) => {
      const [mine, theirs] = [issuedAt(ours.packet), issuedAt(real.packet)];
      return mine === null || theirs === null ? [] : [mine - theirs];
    });
    expect(ages.length).toBeGreaterThan(10);
    expect(ages.filter((age) => age < 0n)).toEqual([]);
  });

  it('its person sees what was seen of the real one', () => {
    const seen = replay.events.flatMap((event) =>
      event.kind === 'network' && event.networkId === labNetworkId ? [event.status] : [],
    );
    const shutOut = ['access-denied', 'ok'];
    expect(seen).toEqual(['requesting', ...shutOut, ...(name === 'B' ? shutOut : [])]);
    const taps = replay.events.filter(
      (event) => event.kind === 'tap' && event.networkId === labNetworkId,
    );
    expect(taps.at(-1)).toMatchObject({ state: null });
  });
});

/** The host that B bridges for a while. */
const bridgedMac = 0x02aa_bbcc_ddee;

/** When the certificate of membership in a packet was made; null: there is none. */
function issuedAt({ message }: SentPacket): bigint | null {
  const certificate =
    message?.name === 'MULTICAST_GATHER'
      ? message.value.certificate
      : message?.name === 'NETWORK_CREDENTIALS'
        ? message.value.certificatesOfMembership[0]
        : null;
  return (certificate && qualifier(certificate, qualifierIds.timestamp)?.value) ?? null;
}
