/** Members that nobody has, for tests. */
import type { MemberV1 } from '../../../src/api/schema/v1.ts';

/** One that is authorised and well, but for what is said otherwise. */
export function aMember(said: Partial<MemberV1> = {}): MemberV1 {
  return {
    network: '00000000000000aa',
    address: '0000000001',
    revision: 1,
    state: 'ok',
    why: 'it asked the controller 3 s ago',
    name: '',
    description: '',
    isAuthorized: true,
    isBanned: false,
    isActiveBridge: false,
    noAutoAssignIps: false,
    ipAssignments: [],
    tags: [],
    capabilities: [],
    identity: null,
    createdAt: 1_000,
    authorizedAt: 2_000,
    authorizedBy: 'command',
    deauthorizedAt: null,
    bannedAt: null,
    heard: {
      source: 'controller',
      askedAt: null,
      configuredAt: null,
      lostConfigs: null,
      software: null,
    },
    path: {
      source: 'own node',
      kind: 'unknown',
      endpoint: null,
      latencyMs: null,
      heardAt: null,
      clockSkewMs: null,
      planet: 'unknown',
    },
    reports: [],
    revocation: null,
    ...said,
  };
}
