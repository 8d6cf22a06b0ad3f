import { describe, expect, it } from 'vitest';

import type { AuditEntryV1 } from '../../../../../src/api/schema/v1.ts';
import { actorText, auditText, changeText } from './audit-text.ts';

function entry(
  action: string,
  change: unknown = null,
  subject: string | null = null,
): AuditEntryV1 {
  return {
    id: '00000000000000000001',
    at: 0,
    actor: { kind: 'local', id: '', name: '' },
    action,
    network: '1122334455000001',
    subject,
    change,
  };
}

describe('a line of the audit log', () => {
  it.each<[string, unknown, string | null, string]>([
    ['network.create', { name: 'lab' }, null, 'made the network'],
    ['network.change', { mtu: 1_400, name: 'lab' }, null, 'set name to lab; MTU to 1400'],
    ['network.change', { description: 'long' }, null, 'set the description'],
    ['network.change', { v4AssignMode: {} }, null, 'changed the settings'],
    ['network.delete', { name: 'lab' }, null, 'deleted the network lab'],
    ['node.join', { token: null }, null, 'joined it with this node'],
    ['node.leave', null, null, 'left it with this node'],
    ['node.permissions', {}, null, 'changed what it may set on this node'],
    ['network.rules', { source: 'accept;\n' }, null, 'wrote other rules, of 1 line'],
    ['member.authorize', { authorize: ['a', 'b'] }, null, 'authorised a, b'],
    [
      'member.deauthorize',
      { deauthorize: ['a', 'b', 'c', 'd', 'e'] },
      null,
      'shut out a, b, c and 2 more',
    ],
    ['member.change', { authorize: ['a'], deauthorize: ['b'] }, null, 'authorised a; shut out b'],
    [
      'member.change',
      { name: 'printer', isActiveBridge: true, ipAssignments: [] },
      '8056c2e21c',
      'changed 8056c2e21c: name printer; no addresses; a bridge',
    ],
    ['member.change', { activeBridge: true }, '8056c2e21c', 'changed 8056c2e21c: activeBridge'],
    ['member.delete', { name: 'printer' }, '8056c2e21c', 'deleted 8056c2e21c (printer)'],
    ['member.delete', null, '8056c2e21c', 'deleted 8056c2e21c'],
    [
      'member.delete',
      { delete: ['8056c2e21c', 'b'], names: { '8056c2e21c': 'printer' } },
      null,
      'deleted 8056c2e21c (printer), b',
    ],
    [
      'invite.create',
      { uses: 1, note: 'for Ann' },
      null,
      'made an invitation for 1 node (for Ann)',
    ],
    ['invite.create', { uses: null }, null, 'made an invitation for any number of nodes'],
    ['invite.revoke', null, 'abc', 'revoked invitation abc'],
    ['member.ban', { ban: ['a'] }, null, 'banned a'],
    ['member.unban', { unban: ['a'] }, null, 'lifted the ban of a'],
    ['member.rekey', null, '8056c2e21c', 'member.rekey of 8056c2e21c'],
    ['something.new', null, null, 'something.new'],
  ])('%s %j of %s', (action, change, subject, expected) => {
    expect(auditText(entry(action, change, subject))).toBe(expected);
  });

  it('says by whose token it was done', () => {
    expect(actorText(entry('x'))).toBe('who has the token of the service');
    const actor = { kind: 'token', id: '1', name: 'ci\u202e' } as const;
    expect(actorText({ ...entry('x'), actor })).toBe('token ci\\u{202e}');
  });

  it('shows names as text that moves nothing', () => {
    expect(auditText(entry('member.change', { name: '\u001b[2J<b>' }, 'a'))).toBe(
      'changed a: name \\u{1b}[2J<b>',
    );
  });

  it('has what was asked for as JSON, one value a line', () => {
    expect(changeText(entry('x', { name: 'a\u202eb' }))).toBe('{\n  "name": "a\\u{202e}b"\n}');
    expect(changeText({ ...entry('x'), change: undefined })).toBe('');
  });
});
