/** What is done with members, with the dialogues for it: the list and the page of one member have the same. */
import { useMemo, useState, type ReactNode } from 'react';

import type { MemberV1, NetworkV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { useMemberCommands } from '../../service/member-commands.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { useTakeAway } from '../../shell/take-away.ts';
import { strings } from '../../strings.ts';
import type { Removal } from './consequences.ts';
import { EditMember } from './edit-member.tsx';
import type { MemberActions } from './member-actions.ts';
import { memberName, memberNames } from './member-name.ts';
import { RemovalDialog } from './removal-dialog.tsx';
import { WhyDialog } from './why-dialog.tsx';

/** Which dialogue is open. */
type Open =
  | { readonly kind: 'why' | 'edit'; readonly member: MemberV1 }
  | { readonly kind: 'removal'; readonly removal: Removal; readonly members: readonly MemberV1[] };

/** The actions, and the dialogue that is open: to be put somewhere on the page. */
export interface MemberActionsAndDialog {
  readonly actions: MemberActions;
  readonly dialog: ReactNode;
}

const words = strings.members;
const shown = (members: readonly MemberV1[]): string => memberNames(members, words.follows.andMore);

const addressesOf = (members: readonly MemberV1[]): string[] =>
  members.map(({ address }) => address);

/** Under which name members of a network that are deleted in a moment are kept; see `service/gone.ts`. */
export function goneOf(service: string, network: string): string {
  return `${service}/${network}`;
}

/** @param onDeleted - called when members are gone from the page; must stay the same function */
export function useMemberActions(
  id: NetworkId,
  network: NetworkV1,
  onDeleted?: () => void,
): MemberActionsAndDialog {
  const { name: service, kind } = useService();
  const { say, fail } = useNotices();
  const takeAway = useTakeAway();
  const commands = useMemberCommands(id);
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  const actions = useMemo((): MemberActions => {
    const authorize = (members: readonly MemberV1[]): void => {
      const entering = members.filter(({ isAuthorized, isBanned }) => !isAuthorized && !isBanned);
      const addresses = addressesOf(entering);
      if (addresses.length === 0) return;
      commands.command({ authorize: addresses }).then(() => {
        say(words.authorized(shown(entering)), () => {
          commands.command({ deauthorize: addresses }).catch(fail);
        });
      }, fail);
    };
    return {
      href: (address) =>
        `/s/${encodeURIComponent(service)}/networks/${network.id}/members/${address}`,
      canBan: kind === 'overspan',
      authorize,
      unban: (members) => {
        const barred = members.filter(({ isBanned }) => isBanned);
        const addresses = addressesOf(barred);
        if (addresses.length === 0) return;
        commands.command({ unban: addresses }).then(() => {
          say(words.unbanned(shown(barred)), () => {
            commands.command({ ban: addresses }).catch(fail);
          });
        }, fail);
      },
      remove: (removal, members) => {
        if (members.length > 0) setOpen({ kind: 'removal', removal, members });
      },
      rename: async (member, name) => {
        try {
          await commands.change(member.address, { name });
          say(words.renamed(memberName({ ...member, name })), () => {
            commands.change(member.address, { name: member.name }).catch(fail);
          });
          return true;
        } catch (error) {
          fail(error);
          return false;
        }
      },
      edit: (member) => {
        setOpen({ kind: 'edit', member });
      },
      why: (member) => {
        setOpen({ kind: 'why', member });
      },
    };
  }, [commands, fail, kind, network.id, say, service]);
  const deauthorize = (members: readonly MemberV1[]): void => {
    const leaving = members.filter(({ isAuthorized }) => isAuthorized);
    const addresses = addressesOf(leaving);
    if (addresses.length === 0) return;
    commands.command({ deauthorize: addresses }).then(() => {
      say(words.deauthorized(shown(leaving)), () => {
        commands.command({ authorize: addresses }).catch(fail);
      });
    }, fail);
  };
  const ban = (members: readonly MemberV1[]): void => {
    const barred = members.filter(({ isBanned }) => !isBanned);
    if (barred.length === 0) return;
    const were = addressesOf(barred.filter(({ isAuthorized }) => isAuthorized));
    commands.command({ ban: addressesOf(barred) }).then(() => {
      say(words.banned(shown(barred)), () => {
        commands.command({ unban: addressesOf(barred), authorize: were }).catch(fail);
      });
    }, fail);
  };
  const remove = (members: readonly MemberV1[]): void => {
    const addresses = addressesOf(members);
    takeAway({
      ...{ of: goneOf(service, network.id), names: addresses },
      text: words.deleted(shown(members)),
      act: () => commands.remove(addresses),
    });
    onDeleted?.();
  };
  return { actions, dialog: dialogOf() };

  function dialogOf(): ReactNode {
    switch (open?.kind) {
      case undefined:
        return null;
      case 'why':
        return (
          <WhyDialog
            id={id}
            member={open.member}
            href={actions.href(open.member.address)}
            onClose={close}
          />
        );
      case 'edit':
        return <EditMember id={id} member={open.member} network={network} onClose={close} />;
      case 'removal': {
        const { removal, members } = open;
        return (
          <RemovalDialog
            removal={removal}
            members={members}
            isPrivate={network.isPrivate}
            onClose={close}
            onConfirm={() => {
              close();
              ({ delete: remove, deauthorize, ban })[removal](members);
            }}
          />
        );
      }
    }
  }
}
