/** Texts of the audit log. */
import { counted } from './counted.ts';

export const audit = {
  about: 'Who did what to this network, the newest first.',
  empty: 'Nothing was done yet',
  older: 'Show older ones',
  end: 'This is the first of what is kept.',
  local: 'who has the token of the service',
  token: (name: string) => `token ${name}`,
  json: 'As it was asked for',
  what: {
    created: 'made the network',
    changed: 'changed the settings',
    set: (list: string) => `set ${list}`,
    setting: (name: string, value: string) => `${name} to ${value}`,
    description: 'the description',
    deleted: (name: string) => `deleted the network${name === '' ? '' : ` ${name}`}`,
    imported: 'imported the network',
    rules: (lines: number) => `wrote other rules, of ${counted(lines, 'line')}`,
    authorized: (who: string) => `authorised ${who}`,
    deauthorized: (who: string) => `shut out ${who}`,
    banned: (who: string) => `banned ${who}`,
    unbanned: (who: string) => `lifted the ban of ${who}`,
    member: (who: string, what: string) => `changed ${who}: ${what}`,
    memberDeleted: (who: string) => `deleted ${who}`,
    invited: (terms: string) => `made an invitation ${terms}`,
    uninvited: (id: string) => `revoked invitation ${id}`,
    other: (action: string, subject: string) =>
      subject === '' ? action : `${action} of ${subject}`,
  },
  terms: {
    any: 'for any number of nodes',
    uses: (n: number) => `for ${counted(n, 'node')}`,
    note: (note: string) => `(${note})`,
  },
  members: {
    and: (names: string, more: number) => `${names} and ${more} more`,
    named: (address: string, name: string) => `${address} (${name})`,
  },
  member: {
    isAuthorized: ['authorised', 'shut out'],
    isBanned: ['banned', 'not banned'],
    isActiveBridge: ['a bridge', 'no bridge'],
    noAutoAssignIps: ['no addresses out of the pools', 'addresses out of the pools'],
    name: (name: string) => `name ${name}`,
    unnamed: 'no name',
    description: 'the description',
    ipAssignments: (list: string) => `addresses ${list}`,
    noIps: 'no addresses',
    tags: 'tags',
    capabilities: 'capabilities',
  },
} as const;
