/** The registry of what is fuzzed: every codec of the wire, every verb byte of `decodeMessage`, packets and texts. */
import type { Codec } from '../../src/wire/codec.ts';
import { wireCodecs } from '../../src/wire/registry.ts';
import { verbCodec, verbs } from '../../src/wire/verbs/index.ts';
import { seedsFor, verbSeeds } from './corpus.ts';
import { packetTargets } from './packet-targets.ts';
import { codecTarget, messageTarget, type FuzzTarget } from './target.ts';
import { textTargets } from './text-targets.ts';

/** All targets; their names are unique. */
export const targets: readonly FuzzTarget[] = [
  ...wireCodecs.map((codec) => codecTarget(codec, () => seedsFor(codec as Codec<object>))),
  ...verbs.map((codec) => codecTarget(codec, () => seedsOfVerb(codec), codec.dropReasons)),
  ...Array.from({ length: 32 }, (_, verb) =>
    messageTarget(verb, () => {
      const codec = verbCodec(verb);
      return codec === undefined ? [] : seedsOfVerb(codec);
    }),
  ),
  ...packetTargets,
  ...textTargets,
];

function seedsOfVerb(codec: Codec<unknown>): Uint8Array[] {
  return [...verbSeeds(codec.name), ...seedsFor(codec as Codec<object>).slice(0, 8)];
}
