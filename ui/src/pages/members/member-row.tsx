/** One member in the list: a row of the table, or a card where there is no room for one. Drawn again only when it changed. */
import { memo, type ReactNode } from 'react';

import type { LatencySample } from '../../service/latency-history.ts';
import { strings } from '../../strings.ts';
import {
  ActionCell,
  HeardCell,
  IpCell,
  LatencyCell,
  NameCell,
  PathCell,
  SoftwareCell,
  StateCell,
  type MemberPartProps,
} from './member-cells.tsx';
import { memberName } from './member-name.ts';

const words = strings.members;

/** What one is given. */
export interface MemberRowProps extends MemberPartProps {
  readonly samples: readonly LatencySample[];
  readonly isSelected: boolean;
  readonly onSelect: (address: string, isSelected: boolean) => void;
}

/** In the table. */
export const MemberRow = memo(function MemberRow(props: MemberRowProps): ReactNode {
  const { member, samples } = props;
  return (
    <tr data-state={member.state} data-selected={props.isSelected || undefined}>
      <td>
        <Select {...props} />
      </td>
      <th scope="row">
        <NameCell {...props} />
      </th>
      <td className="mono">{member.address}</td>
      <td>
        <StateCell {...props} />
      </td>
      <td>
        <IpCell member={member} />
      </td>
      <td>
        <HeardCell member={member} />
      </td>
      <td>
        <SoftwareCell member={member} />
      </td>
      <td>
        <PathCell member={member} />
      </td>
      <td>
        <LatencyCell member={member} samples={samples} />
      </td>
      <td>
        <ActionCell {...props} />
      </td>
    </tr>
  );
});

/** On a narrow screen. */
export const MemberCard = memo(function MemberCard(props: MemberRowProps): ReactNode {
  const { member, samples } = props;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      words.columns.address,
      <span key="address" className="mono">
        {member.address}
      </span>,
    ],
    [words.columns.ip, <IpCell key="ip" member={member} />],
    [words.columns.heard, <HeardCell key="heard" member={member} />],
    [words.columns.version, <SoftwareCell key="version" member={member} />],
    [words.columns.path, <PathCell key="path" member={member} />],
    [words.columns.latency, <LatencyCell key="latency" member={member} samples={samples} />],
  ];
  return (
    <li
      className="member-card"
      data-state={member.state}
      data-selected={props.isSelected || undefined}
    >
      <div className="member-card-head">
        <Select {...props} />
        <div className="member-card-name">
          <NameCell {...props} />
        </div>
        <StateCell {...props} />
      </div>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label} className="member-card-fact">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ActionCell {...props} />
    </li>
  );
});

function Select({ member, isSelected, onSelect }: MemberRowProps): ReactNode {
  return (
    <input
      type="checkbox"
      className="select"
      aria-label={words.select(memberName(member))}
      checked={isSelected}
      onChange={(event) => {
        onSelect(member.address, event.currentTarget.checked);
      }}
    />
  );
}
