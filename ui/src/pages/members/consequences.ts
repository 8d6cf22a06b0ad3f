/** What follows when members are shut out or deleted, in sentences: read before it is done. */
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { strings } from '../../strings.ts';

/** What is to be done. */
export type Removal = 'deauthorize' | 'delete' | 'ban';

const words = strings.members.follows;

/** @param isPrivate - of the network: whether who asks again has to wait */
export function consequences(
  removal: Removal,
  members: readonly MemberV1[],
  isPrivate: boolean,
): string[] {
  const entered = members.filter(({ isAuthorized }) => isAuthorized);
  const bridges = entered.filter(({ isActiveBridge }) => isActiveBridge);
  const others = members.length - entered.length;
  const banned = members.filter(({ isBanned }) => isBanned);
  return [
    ...(entered.length > 0 ? [words.out(entered.length), words.away] : []),
    ...(bridges.length > 0 ? [words.bridges(bridges.length)] : []),
    ...(removal === 'deauthorize' && others > 0 ? [words.already(others)] : []),
    ...(removal === 'delete'
      ? [
          words.forgotten,
          ...(banned.length > 0 ? [words.banForgotten(banned.length)] : []),
          isPrivate ? words.backPrivate : words.backPublic,
          words.undoDelete,
        ]
      : []),
    ...(removal === 'deauthorize'
      ? [words.kept, ...(isPrivate ? [] : [words.backPublic]), words.undoDeauthorize]
      : []),
    ...(removal === 'ban' ? [words.forGood, words.undoBan] : []),
  ];
}
