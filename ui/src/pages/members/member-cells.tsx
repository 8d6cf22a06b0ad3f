/** What is shown of a member in a row and on a card: plain elements, for there are many of them. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import type { LatencySample } from '../../service/latency-history.ts';
import { strings } from '../../strings.ts';
import type { MemberActions } from './member-actions.ts';
import { hasPath, isController } from './member-facts.ts';
import { lastHeard } from './member-list-view.ts';
import { isName, memberName, nameMax } from './member-name.ts';
import { Sparkline } from './sparkline.tsx';

const words = strings.members;

/** What every part of a row is given. */
export interface MemberPartProps {
  readonly member: MemberV1;
  readonly actions: MemberActions;
}

/** The name, which leads to the page of the member, and can be changed in place. */
export function NameCell({ member, actions }: MemberPartProps): ReactNode {
  const [isRenaming, setIsRenaming] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  useEffect(() => {
    if (wasRenaming.current && !isRenaming) opener.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);
  const name = memberName(member);
  if (isRenaming)
    return (
      <Rename
        member={member}
        actions={actions}
        onDone={() => {
          setIsRenaming(false);
        }}
      />
    );
  return (
    <>
      <Link href={actions.href(member.address)} className="member-name">
        {member.name === '' ? words.unnamed : name}
      </Link>
      <span className="member-small">
        <button
          ref={opener}
          type="button"
          className="quiet"
          aria-label={words.renameOf(name)}
          onClick={() => {
            setIsRenaming(true);
          }}
        >
          {words.rename}
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={words.editOf(name)}
          onClick={() => {
            actions.edit(member);
          }}
        >
          {words.edit}
        </button>
      </span>
    </>
  );
}

/** Enter saves, Escape does not. */
function Rename({
  member,
  actions,
  onDone,
}: MemberPartProps & { readonly onDone: () => void }): ReactNode {
  const [name, setName] = useState(member.name);
  const [isBusy, setIsBusy] = useState(false);
  const isValid = isName(name);
  const save = async (): Promise<void> => {
    if (!isValid || isBusy) return;
    setIsBusy(true);
    if (name === member.name || (await actions.rename(member, name))) onDone();
    else setIsBusy(false);
  };
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        className="rename-input"
        aria-label={words.nameOf(member.address)}
        aria-invalid={!isValid}
        title={isValid ? undefined : words.nameInvalid}
        autoFocus
        maxLength={nameMax}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      {!isValid && (
        <span role="alert" className="member-small">
          {words.nameInvalid}
        </span>
      )}
      <span className="member-small">
        <button type="submit" className="quiet" disabled={!isValid || isBusy}>
          {strings.save}
        </button>
        <button type="button" className="quiet" onClick={onDone}>
          {strings.cancel}
        </button>
      </span>
    </form>
  );
}

/** The state in a word, and a way to why. */
export function StateCell({ member, actions }: MemberPartProps): ReactNode {
  return (
    <span className="state-cell">
      <StateBadge state={member.state} />
      <button
        type="button"
        className="quiet"
        aria-label={words.whyOf(memberName(member), strings.states[member.state])}
        aria-haspopup="dialog"
        onClick={() => {
          actions.why(member);
        }}
      >
        {words.why}
      </button>
    </span>
  );
}

/** The first few addresses; the page of the member has all. */
export function IpCell({ member: { ipAssignments } }: Pick<MemberPartProps, 'member'>): ReactNode {
  if (ipAssignments.length === 0) return <span className="dim">{strings.none}</span>;
  return (
    <>
      {ipAssignments.slice(0, 2).map((ip) => (
        <span key={ip} className="mono line">
          {ip}
        </span>
      ))}
      {ipAssignments.length > 2 && (
        <span className="member-small">{words.follows.andMore(ipAssignments.length - 2)}</span>
      )}
    </>
  );
}

/** When it was last heard, and by whom. */
export function HeardCell({ member }: Pick<MemberPartProps, 'member'>): ReactNode {
  const heard = lastHeard(member);
  if (heard === null) return <span className="dim">{strings.unknown}</span>;
  return (
    <>
      <span className="line">
        <RelativeTime at={heard.at} />
      </span>
      <span className="member-small">{words.sources[heard.by]}</span>
    </>
  );
}

/** What it runs. */
export function SoftwareCell({
  member: {
    heard: { software },
  },
}: Pick<MemberPartProps, 'member'>): ReactNode {
  if (software === null) return <span className="dim">{strings.unknown}</span>;
  return (
    <>
      <span className="line">{software.version}</span>
      <span className="member-small">
        {[software.isOverspan === true ? words.isOverspan : null, software.platform]
          .filter((part) => part !== null)
          .join(', ')}
      </span>
    </>
  );
}

/** How the node of the controller reaches it. */
export function PathCell({ member }: Pick<MemberPartProps, 'member'>): ReactNode {
  const { path } = member;
  if (isController(member)) return <span className="dim">{words.paths.itself}</span>;
  const kind = hasPath(member) ? words.paths[path.kind] : strings.unknown;
  if (path.kind === 'unknown') return <span className="dim">{kind}</span>;
  return <span title={path.endpoint ?? undefined}>{kind}</span>;
}

/** How long it takes there and back, now and lately. */
export function LatencyCell({
  member,
  samples,
}: Pick<MemberPartProps, 'member'> & {
  readonly samples: readonly LatencySample[];
}): ReactNode {
  const { latencyMs } = member.path;
  if (latencyMs === null)
    return <span className="dim">{isController(member) ? strings.none : strings.unknown}</span>;
  return (
    <span className="latency">
      <span>{words.latencyMs(latencyMs)}</span>
      <Sparkline samples={samples} />
    </span>
  );
}

/** What is done most: letting in, and shutting out. */
export function ActionCell({ member, actions }: MemberPartProps): ReactNode {
  const name = memberName(member);
  if (member.isBanned)
    return (
      <Button
        size="compact-xs"
        variant="default"
        aria-label={words.unbanOf(name)}
        onClick={() => {
          actions.unban([member]);
        }}
      >
        {words.unban}
      </Button>
    );
  return member.isAuthorized ? (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={words.deauthorizeOf(name)}
      onClick={() => {
        actions.remove('deauthorize', [member]);
      }}
    >
      {words.deauthorize}
    </Button>
  ) : (
    <Button
      size="compact-xs"
      variant={member.state === 'waiting' ? 'filled' : 'default'}
      aria-label={words.authorizeOf(name)}
      onClick={() => {
        actions.authorize([member]);
      }}
    >
      {words.authorize}
    </Button>
  );
}
