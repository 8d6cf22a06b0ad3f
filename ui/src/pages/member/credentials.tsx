/** What a member has been given, and, where it was shut out, who knows. */
import { Anchor, Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { strings } from '../../strings.ts';

const words = strings.members.page;

/** @param href - where the page of a member is */
export function Credentials({
  member,
  href,
}: {
  readonly member: MemberV1;
  readonly href: (address: string) => string;
}): ReactNode {
  const { ipAssignments, tags, capabilities, identity, revocation } = member;
  const yesNo = (is: boolean): string => (is ? words.yes : words.no);
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      words.addresses,
      ipAssignments.length === 0 ? words.noAddresses : <Mono text={ipAssignments.join(', ')} />,
    ],
    [words.noAutoAssign, yesNo(member.noAutoAssignIps)],
    [words.bridge, yesNo(member.isActiveBridge)],
    [words.tags, list(tags.map(({ id, value }) => words.tag(id, value)))],
    [words.capabilities, list(capabilities.map(String))],
    ...(revocation === null
      ? []
      : [
          [words.confirmedBy, <Members key="c" all={revocation.confirmed} href={href} />] as const,
          [words.waitingFor, <Members key="w" all={revocation.waiting} href={href} />] as const,
        ]),
    [words.identity, identity === null ? strings.unknown : <Code block>{identity}</Code>],
  ];
  return (
    <dl className="credentials">
      {rows.map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? strings.none : texts.join(', ');
}

function Mono({ text }: { readonly text: string }): ReactNode {
  return <span className="mono">{text}</span>;
}

function Members({
  all,
  href,
}: {
  readonly all: readonly string[];
  readonly href: (address: string) => string;
}): ReactNode {
  if (all.length === 0) return strings.none;
  return (
    <>
      {all.map((address) => (
        <Text key={address} component="span" mr="xs">
          <Anchor component={Link} href={href(address)} className="mono">
            {address}
          </Anchor>
        </Text>
      ))}
    </>
  );
}
