/** Which members are shown, and in which order: found by text and state, sorted, cut into pages. */
import { memberStates, type MemberStateV1, type MemberV1 } from '../../../../src/api/schema/v1.ts';
import { parseIpv4 } from '../../../../src/wire/ip-address.ts';

/** What a list is sorted by, in the order of its columns. */
export const sortKeys = [
  'name',
  'address',
  'state',
  'ip',
  'heard',
  'version',
  'path',
  'latency',
] as const;

/** One of them. */
export type SortKey = (typeof sortKeys)[number];

/** What is wanted of a list. */
export interface MemberView {
  /** In the name, the ID, an address, the description or the software; empty: all. */
  readonly text: string;
  /** Null: all. */
  readonly state: MemberStateV1 | null;
  readonly sort: SortKey;
  readonly isDescending: boolean;
}

/** Whose word it is that a member was there. */
export type HeardBy = MemberV1['heard']['source'] | 'own node' | 'member';

/** When a member was last heard, and by whom. */
export interface LastHeard {
  /** ms since the Unix epoch. */
  readonly at: number;
  readonly by: HeardBy;
}

/** The latest that is known; null: it was not heard. */
export function lastHeard({ heard, path, reports }: MemberV1): LastHeard | null {
  const known: readonly { readonly at: number | null; readonly by: HeardBy }[] = [
    { at: heard.askedAt, by: heard.source },
    { at: path.heardAt, by: path.source },
    ...reports.map(({ heardAt, source }) => ({ at: heardAt, by: source })),
  ];
  return known.reduce<LastHeard | null>(
    (last, { at, by }) => (at !== null && (last === null || at > last.at) ? { at, by } : last),
    null,
  );
}

/** Those that are wanted, as they are wanted; who waits for an answer is on top, however they are sorted. */
export function shownMembers(members: readonly MemberV1[], view: MemberView): MemberV1[] {
  const text = view.text.trim().toLowerCase();
  const compare = comparison(view);
  return members
    .filter((member) => view.state === null || member.state === view.state)
    .filter((member) => text === '' || isFound(member, text))
    .map((member) => ({ member, key: sortValue(member, view.sort) }))
    .sort(
      (a, b) =>
        Number(b.member.state === 'waiting') - Number(a.member.state === 'waiting') ||
        compare(a.key, b.key) ||
        (a.member.address < b.member.address ? -1 : 1),
    )
    .map(({ member }) => member);
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** From 0 on; the last one where there are fewer than was asked for. */
  readonly page: number;
  readonly pageCount: number;
  /** Of the first and behind the last of its items, in the list. */
  readonly start: number;
  readonly end: number;
}

/** Cuts one out. @param size - items of a page */
export function pageOf<T>(list: readonly T[], wanted: number, size: number): Page<T> {
  const pageCount = Math.max(1, Math.ceil(list.length / size));
  const page = Math.min(Math.max(0, wanted), pageCount - 1);
  const start = page * size;
  const end = Math.min(start + size, list.length);
  return { items: list.slice(start, end), page, pageCount, start, end };
}

/** How many there are of each state; what there are none of is left out. */
export function statesOf(
  members: readonly MemberV1[],
): readonly { readonly state: MemberStateV1; readonly count: number }[] {
  const counts = new Map<MemberStateV1, number>();
  for (const { state } of members) counts.set(state, (counts.get(state) ?? 0) + 1);
  return memberStates.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
}

function isFound(member: MemberV1, text: string): boolean {
  const { name, address, ipAssignments, description, heard } = member;
  const { software } = heard;
  return [
    name,
    address,
    description ?? '',
    ...ipAssignments,
    software?.version ?? '',
    software?.platform ?? '',
  ].some((part) => part.toLowerCase().includes(text));
}

/** What is not known is null. */
type SortValue = string | number | null;

function sortValue(member: MemberV1, sort: SortKey): SortValue {
  switch (sort) {
    case 'name':
      return member.name === '' ? null : member.name;
    case 'address':
      return member.address;
    case 'state':
      return memberStates.indexOf(member.state);
    case 'ip':
      return ipValue(member.ipAssignments);
    case 'heard':
      return lastHeard(member)?.at ?? null;
    case 'version':
      return member.heard.software?.version ?? null;
    case 'path':
      return member.path.kind === 'unknown' ? null : member.path.kind;
    case 'latency':
      return member.path.latencyMs;
  }
}

/** Of IPv4 the number, so that .9 comes before .10. */
function ipValue(ips: readonly string[]): number | null {
  for (const ip of ips) {
    const value = parseIpv4(ip);
    if (value !== null) return value;
  }
  return ips.length === 0 ? null : Number.MAX_SAFE_INTEGER;
}

/** `node-2` before `node-10`, `1.9.0` before `1.14.0`. */
const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What is not known comes last in either direction. */
function comparison({ isDescending }: MemberView): (a: SortValue, b: SortValue) => number {
  const sign = isDescending ? -1 : 1;
  return (a, b) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * words.compare(String(a), String(b));
  };
}
