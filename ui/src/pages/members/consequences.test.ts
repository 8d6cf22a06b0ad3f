/** What is said before members are shut out or deleted. */
import { describe, expect, it } from 'vitest';

import { strings } from '../../strings.ts';
import { aMember } from '../../synthetic/member.ts';
import { consequences } from './consequences.ts';

const words = strings.members.follows;
const entered = aMember();
const waiting = aMember({ isAuthorized: false, state: 'waiting' });

describe('what follows', () => {
  it('of deauthorising: it is out, others are told, and what is set is kept', () => {
    expect(consequences('deauthorize', [entered], true)).toEqual([
      words.out(1),
      words.away,
      words.kept,
      words.undoDeauthorize,
    ]);
  });

  it('of deleting who is not in: nobody has to be told', () => {
    expect(consequences('delete', [waiting], true)).toEqual([
      words.forgotten,
      words.backPrivate,
      words.undoDelete,
    ]);
  });

  it('counts those for whom nothing changes, and bridges', () => {
    const bridge = aMember({ isActiveBridge: true });
    const said = consequences('deauthorize', [entered, bridge, waiting], true);
    expect(said).toContain(words.out(2));
    expect(said).toContain(words.bridges(1));
    expect(said).toContain(words.already(1));
  });

  it('of a ban: nothing but a person lets it in again, in a public network, too', () => {
    expect(consequences('ban', [waiting], false)).toEqual([words.forGood, words.undoBan]);
    expect(consequences('ban', [entered], true)).toContain(words.out(1));
  });

  it('of deleting who is banned: the ban is forgotten', () => {
    const banned = aMember({ isAuthorized: false, isBanned: true });
    expect(consequences('delete', [banned], true)).toContain(words.banForgotten(1));
  });

  it('in a public network: who asks again is in again, which is said of both', () => {
    for (const removal of ['deauthorize', 'delete'] as const)
      expect(consequences(removal, [entered], false)).toContain(words.backPublic);
    expect(consequences('deauthorize', [entered], true)).not.toContain(words.backPublic);
  });
});
