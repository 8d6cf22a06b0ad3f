/** Texts of the list of networks and of making one. */
export const networks = {
  title: 'Networks',
  tabs: {
    settings: 'Settings',
    rules: 'Rules',
    invitations: 'Invitations',
    audit: 'Audit log',
  },
  search: 'Search by name or ID',
  create: 'Create a network',
  empty: 'This controller owns no networks yet',
  emptyHint: 'Create one, then join it on the machines that are to be in it.',
  noMatch: 'No network has that in its name or ID',
  name: 'Name',
  unnamed: 'without a name',
  id: 'Network ID',
  access: 'Access',
  private: 'private',
  public: 'public',
  membersInAll: (count: number | null) =>
    count === null
      ? 'members: unknown'
      : count === 0
        ? 'nobody yet'
        : count === 1
          ? '1 member'
          : `${count.toLocaleString('en')} members`,
  showQr: 'Show as QR code',
  qrLabel: (id: string) => `QR code of network ${id}`,
  privateHint: 'Who asks waits until somebody lets it in.',
  publicHint: 'Who knows its ID is in.',
  rangeLabel: 'IPv4 address range',
  rangeHint:
    'Members get their addresses out of it. It was chosen so that it clashes with nothing known here; empty: none are given.',
  rangeAnother: 'Choose another',
  rangeWithout: 'Without addresses',
  rangeClashes: (names: string) => `It clashes with: ${names}. Who is in both cannot use both.`,
  rangeInvalid: 'an IPv4 network such as 10.147.17.0/24',
  nameHint: 'Optional; members see it.',
  created: (name: string) => `Network ${name} was created`,
  delete: (name: string) => `Delete network ${name}`,
  deleteFollows: (name: string, members: number) =>
    members === 0
      ? `Network ${name} is deleted`
      : `Network ${name} is deleted: its ${members === 1 ? 'member is' : `${members.toLocaleString('en')} members are`} shut out, and it is forgotten`,
  stateCount: (count: number, state: string) => `${count.toLocaleString('en')} ${state}`,
} as const;
