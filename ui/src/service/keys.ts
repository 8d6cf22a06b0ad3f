/** Under which names answers are kept: those of a part begin with the name of the whole. */

/** The names. */
export const keys = {
  service: (service: string) => [service] as const,
  networkList: (service: string) => [service, 'network-list'] as const,
  network: (service: string, network: string) => [service, 'network', network] as const,
  members: (service: string, network: string) => [service, 'members', network] as const,
  member: (service: string, network: string, address: string) =>
    [service, 'member', network, address] as const,
  invites: (service: string, network: string) => [service, 'invites', network] as const,
  rules: (service: string, network: string) => [service, 'network', network, 'rules'] as const,
  audit: (service: string) => [service, 'audit'] as const,
  tokens: (service: string) => [service, 'tokens'] as const,
  node: (service: string) => [service, 'node'] as const,
  peers: (service: string) => [service, 'peers'] as const,
  moons: (service: string) => [service, 'moons'] as const,
  settings: (service: string) => [service, 'settings'] as const,
  log: (service: string) => [service, 'log'] as const,
  joined: (service: string) => [service, 'joined'] as const,
};
