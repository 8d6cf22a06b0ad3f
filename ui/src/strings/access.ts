/** Texts of invitations and API tokens. */
import type { TokenV1 } from '../../../src/api/schema/v1.ts';
import { counted } from './counted.ts';

const scopes: Readonly<Record<TokenV1['scopes'][number], string>> = {
  read: 'read: look at networks and members',
  members: 'members: let members in, put them out, change them, invite',
  networks: 'networks: make, change and delete networks and their rules',
  node: 'node: join, leave and set up the node itself',
  admin: 'admin: everything, tokens and the audit log, too',
};

/** The same in a word, beside the name of a token. */
const scopeNames: typeof scopes = {
  read: 'read',
  members: 'members',
  networks: 'networks',
  node: 'node',
  admin: 'admin',
};

/** How long something is to last. */
const lasts = {
  '3600000': 'one hour',
  '86400000': 'one day',
  '604800000': '7 days',
  '2592000000': '30 days',
  '7776000000': '90 days',
  never: 'without an end',
} as const;

export const access = {
  lasts,
  ends: 'Ends after',
  endsAt: 'ends',
  in: {
    seconds: (n: number) => `in ${n} s`,
    minutes: (n: number) => `in ${n} min`,
    hours: (n: number) => `in ${n} h`,
    days: (n: number) => `in ${n} days`,
  },
  ended: 'ended',
  created: 'made',
  never: 'has no end',
  once: 'It is shown only now: it is kept nowhere.',
  done: 'Done',
  revoke: 'Revoke',
  invites: {
    about: 'An invitation lets nodes in without anybody authorising them.',
    create: 'Invite',
    empty: 'There are no invitations',
    emptyHint: 'Make one, and hand it to whoever is to join.',
    note: 'Note',
    noteHint: 'What it is for; who is invited does not see it.',
    unnoted: 'without a note',
    uses: 'How many nodes it lets in',
    usesHint: 'Empty: any number.',
    usesInvalid: 'a whole number of at least 1, or nothing',
    usesLeft: (n: number | null) =>
      n === null ? 'lets in any number of nodes' : `lets in ${counted(n, 'node')}`,
    usedUp: 'used up',
    open: 'open',
    closed: 'closed',
    made: 'The invitation',
    invitation: 'Invitation',
    command: 'On the node',
    link: 'Link for whoever is to join',
    qr: 'QR code of the invitation',
    qrLink: 'QR code of the link',
    revoke: (name: string) => `Revoke invitation ${name}`,
    revokeHint: 'It lets nobody in any more. Who came by it stays. This cannot be taken back.',
    revoked: 'The invitation is revoked.',
  },
  tokens: {
    about:
      'A token is for a program, or for somebody who is to see a part: it may do what its scopes say.',
    create: 'Create a token',
    empty: 'There are no API tokens',
    emptyHint: 'The token of the service itself is not one of them, and may do everything.',
    name: 'Name',
    nameHint: 'What it is for; it stands in the audit log.',
    nameMissing: 'it needs a name',
    scopes: 'What it may do',
    scopesMissing: 'at least one',
    scope: scopes,
    scopeNames,
    made: 'The token',
    token: 'Token',
    use: 'In requests',
    revoke: (name: string) => `Revoke token ${name}`,
    revokeHint: 'Programs that use it are refused from now on. This cannot be taken back.',
    revoked: 'The token is revoked.',
  },
} as const;
