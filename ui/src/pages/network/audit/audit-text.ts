/**
 * A line of the audit log in words. What was asked for is JSON of any form: older versions and the API of the official service
 * write it, too. What is not understood is named, and its JSON is there to be looked at.
 */
import type { AuditEntryV1 } from '../../../../../src/api/schema/v1.ts';
import {
  memberPatchV1,
  networkPatchV1,
  type MemberPatchV1,
} from '../../../../../src/api/schema/v1.ts';
import { escapeText } from '../../../../../src/base/escape.ts';
import { audit as words } from '../../../strings/audit.ts';
import { settings as settingsWords } from '../../../strings/settings.ts';
import { namedSettings } from '../settings/network-settings.ts';

/** Members that are named one by one. */
const namedMax = 3;
const valueMax = 80;

/** Who did it. */
export function actorText({ actor }: AuditEntryV1): string {
  return actor.kind === 'local' ? words.local : words.token(escapeText(actor.name, valueMax));
}

/** What was done. */
export function auditText({ action, subject, change }: AuditEntryV1): string {
  const { what } = words;
  const who = escapeText(subject ?? '', valueMax);
  const fields = fieldsOf(change);
  switch (action) {
    case 'network.create':
      return what.created;
    case 'network.change':
      return settingsText(change);
    case 'network.delete':
      return what.deleted(textOf(fields['name']));
    case 'network.import':
      return what.imported;
    case 'network.rules':
      return what.rules(textOf(fields['source'], Infinity).trimEnd().split('\n').length);
    case 'member.authorize':
    case 'member.deauthorize':
    case 'member.ban':
    case 'member.unban':
      return commandText(fields) ?? what.other(action, who);
    case 'member.change':
      return memberText(who, change);
    case 'member.delete':
      return commandText(fields) ?? what.memberDeleted(withName(who, textOf(fields['name'])));
    case 'invite.create':
      return what.invited(termsText(fields));
    case 'invite.revoke':
      return what.uninvited(who);
    case 'node.join':
      return what.joined;
    case 'node.leave':
      return what.left;
    case 'node.permissions':
      return what.permitted;
    default:
      return what.other(escapeText(action, valueMax), who);
  }
}

/** What was asked for, as it is: safe to look at. */
export function changeText({ change }: AuditEntryV1): string {
  const lines = (JSON.stringify(change, null, 2) as string | undefined) ?? '';
  return lines
    .split('\n')
    .map((line) => escapeText(line, 16_384))
    .join('\n');
}

function settingsText(change: unknown): string {
  const parsed = networkPatchV1.safeParse(change);
  const named = parsed.success ? namedSettings(parsed.data) : [];
  if (named.length === 0) return words.what.changed;
  const list = named.map(({ name, value }) =>
    name === 'description'
      ? words.what.description
      : words.what.setting(settingsWords.names[name], escapeText(value, valueMax)),
  );
  return words.what.set(list.join('; '));
}

function memberText(who: string, change: unknown): string {
  const fields = fieldsOf(change);
  const command = commandText(fields);
  if (command !== null) return command;
  const parsed = memberPatchV1.safeParse(change);
  const list = parsed.success
    ? memberFields(parsed.data)
    : Object.keys(fields).map((key) => escapeText(key, valueMax));
  return words.what.member(who, list.join('; '));
}

/** Of a command to many members; null: it is none. */
function commandText(fields: Readonly<Record<string, unknown>>): string | null {
  const { what } = words;
  const said = [
    { words: what.authorized, list: fields['authorize'] },
    { words: what.deauthorized, list: fields['deauthorize'] },
    { words: what.banned, list: fields['ban'] },
    { words: what.unbanned, list: fields['unban'] },
    { words: what.memberDeleted, list: fields['delete'] },
  ].flatMap((each) => {
    const members = membersText(each.list, fieldsOf(fields['names']));
    return members === null ? [] : [each.words(members)];
  });
  return said.length === 0 ? null : said.join('; ');
}

function memberFields(patch: MemberPatchV1): string[] {
  const { member } = words;
  const flag = (
    name: 'isAuthorized' | 'isBanned' | 'isActiveBridge' | 'noAutoAssignIps',
  ): string[] => {
    const value = patch[name];
    return value === undefined ? [] : [member[name][value ? 0 : 1]];
  };
  const { name, description, ipAssignments, tags, capabilities } = patch;
  return [
    ...flag('isAuthorized'),
    ...flag('isBanned'),
    ...(name === undefined
      ? []
      : [name === '' ? member.unnamed : member.name(escapeText(name, valueMax))]),
    ...(description === undefined ? [] : [member.description]),
    ...(ipAssignments === undefined
      ? []
      : [
          ipAssignments.length === 0
            ? member.noIps
            : member.ipAssignments(escapeText(ipAssignments.join(', '), valueMax)),
        ]),
    ...flag('isActiveBridge'),
    ...flag('noAutoAssignIps'),
    ...(tags === undefined ? [] : [member.tags]),
    ...(capabilities === undefined ? [] : [member.capabilities]),
  ];
}

/** Null: it is no list of members, or an empty one. */
/** @param called - what those were called who are gone, by address */
function membersText(list: unknown, called: Readonly<Record<string, unknown>>): string | null {
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = list.slice(0, namedMax).map((each) => {
    const who = textOf(each);
    return withName(who, Object.hasOwn(called, who) ? textOf(called[who]) : '');
  });
  const more = list.length - names.length;
  return more > 0 ? words.members.and(names.join(', '), more) : names.join(', ');
}

function termsText({ uses, note }: Readonly<Record<string, unknown>>): string {
  const count = typeof uses === 'number' ? words.terms.uses(uses) : words.terms.any;
  const text = textOf(note);
  return text === '' ? count : `${count} ${words.terms.note(text)}`;
}

function withName(who: string, name: string): string {
  return name === '' ? who : words.members.named(who, name);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function textOf(value: unknown, lengthMax = valueMax): string {
  if (typeof value !== 'string') return '';
  return lengthMax === Infinity ? value : escapeText(value, lengthMax);
}
