/**
 * Where our API answers otherwise than the official one of 1.14.1: every row of the table in docs/api.md, in its order.
 *
 * A row that says where in captured answers it shows is found by the comparison with them, which fails for a difference
 * that no row explains and for a row that no difference needs. The others name a test of their own.
 */
import type { JsonDifference } from './json-differences.ts';

/** A row. */
export interface ListedDifference {
  /** The first words of its row in docs/api.md. */
  readonly name: string;
  /** The file of the test that shows it, and its title. Absent: the comparison with the captures. */
  readonly test?: readonly [file: string, title: string];
  /** Of the comparison: where it shows. */
  readonly shows?: readonly Shown[];
}

/** Where in captured answers. */
export interface Shown {
  /** Names of answers. */
  readonly answers: RegExp;
  /** Places in them; `status`: the status, and then nothing of the body is compared. */
  readonly at: RegExp;
  readonly kind?: JsonDifference['kind'];
}

const everywhere = /./;
const serverTest = 'src/daemon/api-server.test.ts';
const bodyTest = 'src/daemon/api-bodies.test.ts';
const daemonTest = 'src/daemon/daemon.test.ts';

/** All rows. */
export const listedDifferences: readonly ListedDifference[] = [
  {
    name: '`?auth=`',
    test: [
      serverTest,
      'takes no token from the URL, and answers no JSONP, unless the operator allows it',
    ],
  },
  { name: '`?jsonp=`', shows: [{ answers: /jsonp/, at: /^(wrapped|type)$/ }] },
  {
    name: '`Host`, `Origin`, `Sec-Fetch-Site`',
    test: [serverTest, 'answers nothing that a page of another origin asks'],
  },
  { name: 'where it listens', test: [serverTest, 'listens on 127.0.0.1 alone'] },
  {
    name: '`/sso`, `/app`',
    test: [serverTest, 'is closed to who has not the token, also where there is nothing'],
  },
  {
    name: 'long bodies',
    test: [serverTest, 'refuses a body that is too long, and names that are not loopback'],
  },
  {
    name: 'nested bodies',
    test: [bodyTest, 'is no JSON, nested too deep, or empty: the same error as there'],
  },
  {
    name: 'words of errors',
    shows: [{ answers: /bad-json|empty-body/, at: /^description$/, kind: 'value' }],
  },
  { name: '`version`', shows: [{ answers: everywhere, at: /(^|\.)version(Major|Minor|Rev)?$/ }] },
  {
    name: '`drops`, `protocolVersion`',
    shows: [
      { answers: /status|info|rawpath|auth/, at: /^(drops|protocolVersion)$/, kind: 'extra' },
    ],
  },
  {
    name: 'controller',
    test: [serverTest, 'of a daemon without a controller owns nothing'],
  },
  {
    name: '`/config/settings`',
    test: [bodyTest, 'is not written where it could not be read again'],
  },
  {
    name: 'figures',
    test: [bodyTest, 'are some of those of the official service, of this moment'],
  },
  { name: '`localSocket`', shows: [{ answers: /peer/, at: /localSocket$/, kind: 'value' }] },
  {
    name: 'device',
    shows: [
      { answers: /network|join/, at: /portDeviceName$/, kind: 'value' },
      { answers: /denied|list-many|join-j/, at: /multicastSubscriptions$/, kind: 'length' },
    ],
  },
  {
    name: '`multicastSubscriptions`',
    shows: [{ answers: /network-ok/, at: /multicastSubscriptions$/, kind: 'length' }],
  },
  {
    name: '`lastRequestTime`',
    shows: [{ answers: /network|join|_set-/, at: /lastRequestTime$/, kind: 'extra' }],
  },
  { name: 'ad-hoc networks', shows: [{ answers: /join-adhoc/, at: everywhere }] },
  {
    name: '`allowManaged` as a list',
    test: [daemonTest, 'applies what is allowed over the API at once, and keeps it'],
  },
  {
    name: 'values that cannot be read',
    shows: [{ answers: /member-(odd|bad-ip)/, at: /^status$/ }],
  },
  {
    name: 'long lists',
    test: [bodyTest, 'of a network changes nothing, and says what is wrong with it'],
  },
  {
    name: 'networks of other controllers',
    shows: [{ answers: /foreign-id/, at: /^status$/ }],
  },
  { name: 'letters of ids', test: [bodyTest, 'is named in lower case, however it is asked for'] },
  {
    name: 'the first rule',
    shows: [
      { answers: /create|network-get|unstable/, at: /rules\[\]\.(not|or)$/, kind: 'missing' },
    ],
  },
  {
    name: '`INTEGER_RANGE`, `ACTION_PRIORITY`',
    shows: [{ answers: /extra\/(rules|authtokens|v6)/, at: /^rules$/, kind: 'length' }],
  },
  {
    name: '`authTokens` without any',
    shows: [
      { answers: /authtokens-empty/, at: /^authTokens$/, kind: 'type' },
      // So what turns one into the other is no change.
      { answers: /extra\/(authtokens|v6)/, at: /^revision$/, kind: 'value' },
    ],
  },
  {
    name: '`v6AssignMode`',
    shows: [{ answers: /v6-partial/, at: /^v6AssignMode\.(rfc4193|zt)$/, kind: 'extra' }],
  },
  {
    name: '`remoteTraceLevel`',
    test: [bodyTest, 'keeps the level of remote traces when a change does not name it'],
  },
  {
    name: '`description`',
    test: [bodyTest, 'takes everything that may be set, and shows it'],
  },
  {
    name: '`name` of a member',
    test: [bodyTest, 'has its name among its keys where it has one'],
  },
  {
    name: 'bans',
    test: [
      bodyTest,
      'that is banned shows no more than that it is out, and is not let in by a word',
    ],
  },
  { name: 'order of members', shows: [{ answers: /members-unstable/, at: /^data\[\]/ }] },
];
