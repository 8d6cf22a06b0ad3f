/**
 * The pages that are looked at, each by a name and where it is. `{network}`, `{member}`, `{run}`, `{other}` (a second run) and
 * `{invitation}` stand for one of the lab.
 */
export interface ShownPage {
  readonly name: string;
  readonly path: string;
  /** A role and name to click before the picture is taken. */
  readonly click?: { readonly role: 'button' | 'tab' | 'radio'; readonly name: string };
}

export const pages: readonly ShownPage[] = [
  { name: 'networks', path: '/s/here/networks' },
  {
    name: 'create-network',
    path: '/s/here/networks',
    click: { role: 'button', name: 'Create a network' },
  },
  { name: 'members', path: '/s/here/networks/{network}' },
  {
    name: 'why-member',
    path: '/s/here/networks/{network}',
    click: { role: 'button', name: "Why is Ada's laptop" },
  },
  {
    name: 'edit-member',
    path: '/s/here/networks/{network}',
    click: { role: 'button', name: "Edit Ada's laptop" },
  },
  {
    name: 'deauthorize-member',
    path: '/s/here/networks/{network}',
    click: { role: 'button', name: "Deauthorise Ada's laptop" },
  },
  {
    name: 'add-member',
    path: '/s/here/networks/{network}',
    click: { role: 'button', name: 'Add by ID' },
  },
  { name: 'member', path: '/s/here/networks/{network}/members/{member}' },
  { name: 'settings', path: '/s/here/networks/{network}/settings' },
  { name: 'rules', path: '/s/here/networks/{network}/rules' },
  { name: 'invitations', path: '/s/here/networks/{network}/invitations' },
  {
    name: 'create-invitation',
    path: '/s/here/networks/{network}/invitations',
    click: { role: 'button', name: 'Invite' },
  },
  { name: 'audit', path: '/s/here/networks/{network}/audit' },
  { name: 'tokens', path: '/s/here/tokens' },
  {
    name: 'create-token',
    path: '/s/here/tokens',
    click: { role: 'button', name: 'Create a token' },
  },
  { name: 'join', path: '/s/here/join' },
  { name: 'measure', path: '/s/here/measure' },
  { name: 'new-comparison', path: '/s/here/measure/new' },
  {
    name: 'new-lab',
    path: '/s/here/measure/new',
    click: { role: 'radio', name: 'Overlays in a lab of this machine' },
  },
  { name: 'run', path: '/s/here/measure/{run}' },
  { name: 'two-runs', path: '/s/here/measure/{run}/beside/{other}' },
  { name: 'node', path: '/s/here/node' },
  { name: 'peers', path: '/s/here/node/peers' },
  { name: 'node-roots', path: '/s/here/node/roots' },
  { name: 'node-settings', path: '/s/here/node/settings' },
  { name: 'node-log', path: '/s/here/node/log' },
  { name: 'invited', path: 'http://127.0.0.1:9995/join/{network}#{invitation}' },
  { name: 'not-found', path: '/s/here/nothing' },
];
