/**
 * What a frame costs in the machine: from a tap to sealed datagrams, and from datagrams to a tap, without the system calls
 * around it. Beside it, in the same run, the sealing and opening alone, which no machine can be faster than.
 */
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import { nodeProvider, opensslProvider } from '../src/io/crypto/index.ts';
import { macOf } from '../src/wire/mac.ts';
import { openBatch, sealBatch, type Verdict } from '../src/wire/packet/batch.ts';
import { memoryOf } from './memory.ts';
import { measureInRounds, type Subject } from './rounds.ts';
import { framesOf, TwoMembers } from './two-members.ts';
import { batchCount, batchOf } from './wire-samples.ts';

const frameLengths = [78, 1_414, 2_814] as const;
const framesPerBatch = 32;

/** Prints the table. @returns whether every frame arrived */
export function run(): Promise<boolean> {
  const subjects: Subject[] = [];
  for (const provider of [opensslProvider(), nodeProvider()]) {
    const world = new TwoMembers(provider);
    for (const length of frameLengths)
      subjects.push(...frameSubjects(world, provider.name, length));
  }
  for (const length of frameLengths) subjects.push(...floorSubjects(length));
  const measured = measureInRounds(subjects, { rounds: 21, visitMs: 8 });
  console.log('ns a frame: median of 21 rounds [least, most]; bytes allocated a frame');
  for (const subject of subjects) {
    const result = measured.get(subject.name);
    if (result === undefined) continue;
    const { allocated } = memoryOf(subject);
    const figures = [result.medianNs, result.leastNs, result.mostNs].map((ns) => ns.toFixed(0));
    console.log(
      `${subject.name.padEnd(34)} ${figures[0]!.padStart(7)} [${figures[1]!}, ${figures[2]!}]  ${allocated.toFixed(0)}`,
    );
  }
  return Promise.resolve(true);
}

function frameSubjects(world: TwoMembers, provider: string, length: number): Subject[] {
  const { a, b, networkId } = world;
  const macOfMember = (member: typeof a): number =>
    macOf(member.identity.identity.address, networkId);
  const frames = framesOf(networkId, [macOfMember(a), macOfMember(b)], framesPerBatch, length);
  const out = (): void => {
    a.node.handleFrames(world.now, frames);
  };
  const arrive = (): void => {
    world.carry(a, b);
    if (b.node.frames.count !== framesPerBatch)
      throw new Error(`${b.node.frames.count} of ${framesPerBatch} frames arrived`);
    b.node.frames.clear();
  };
  out();
  arrive();
  return [
    {
      name: `${provider} out ${length}`,
      count: framesPerBatch,
      run: out,
      prepare: () => {
        a.node.datagrams.clear();
      },
    },
    {
      name: `${provider} in ${length}`,
      count: framesPerBatch,
      run: arrive,
      prepare: () => {
        a.node.datagrams.clear();
        out();
      },
    },
  ];
}

/** Sealing and opening of packets that carry such frames. */
function floorSubjects(length: number): Subject[] {
  const keys = PeerKeys.fromShared(opensslProvider(), new Uint8Array(48).fill(7));
  const batch = batchOf(length - 14 + 10);
  const seal = (): void => {
    sealBatch(
      batch,
      () => keys,
      () => 3,
    );
  };
  seal();
  const sealed = batch.bytes.slice();
  const verdicts: Verdict[] = [];
  return [
    { name: `openssl, only seal ${length}`, count: batchCount, run: seal },
    {
      name: `openssl, only open ${length}`,
      count: batchCount,
      prepare: () => {
        batch.bytes.set(sealed);
      },
      run: () => {
        openBatch(batch, () => keys, verdicts);
      },
    },
  ];
}
