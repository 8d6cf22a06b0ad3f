/** Texts of the frame of the page, and those that several pages have. */
import type { MemberStateV1 } from '../../../src/api/schema/v1.ts';

const states: Readonly<Record<MemberStateV1, string>> = {
  ok: 'ok',
  relayed: 'relayed',
  waiting: 'waiting',
  denied: 'denied',
  'never-configured': 'never configured',
  silent: 'silent',
  unknown: 'unknown',
};

export const shell = {
  product: 'Overspan',
  skip: 'Skip to the content',
  close: 'Close',
  undo: 'Undo',
  undoKey: 'Ctrl+Z',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  copyRefused: 'The browser does not let this page copy. The text is selected: press Ctrl+C.',
  save: 'Save',
  delete: 'Delete',
  search: 'Search',
  tryAgain: 'Try again',
  reload: 'Reload',
  partFailed: 'This part of the page cannot be shown',
  partFailedRemedy: (message: string) =>
    `The page may be of another version than its server by now: reload it. What the browser says: ${message}`,
  loading: 'Loading …',
  never: 'never',
  unknown: 'unknown',
  none: 'none',
  states,
  serverAway: 'This page cannot reach its server',
  serverAwayRemedy:
    'It is shown as it was last. Start overspan again, or wait: it is tried again by itself.',
  eventsAway: 'Live updates have stopped; trying again. What is shown may be old.',
  signIn: {
    title: 'Sign in',
    token: 'Token',
    hint: (hint: string) => `Use ${hint}.`,
    action: 'Sign in',
    noServer: 'The server of this page does not answer.',
  },
  signOut: 'Sign out',
  service: 'Service',
  kinds: {
    overspan: 'Overspan',
    'zerotier-one': 'official service',
    central: 'ZeroTier Central',
  },
  theme: { light: 'Light', dark: 'Dark', auto: 'As the system', label: 'Colours' },
  menu: 'Menu',
  nav: {
    label: 'Pages',
    networks: 'Networks',
    join: 'Join',
    measure: 'Measure',
    node: 'Node',
    tokens: 'API tokens',
  },
  notFound: 'There is no such page',
  toNetworks: 'To the networks',
} as const;
