/** Networks, or a node, where there are none: each question throws. For what has the rest of /api/v1 all the same. */
import type { NodeManagement } from './node-management.ts';
import type { ManagementService } from './service.ts';

/** No networks. @param why - makes the error, with its remedy */
export function lackingManagement(node: NodeManagement, why: () => Error): ManagementService {
  const refuse = (): never => {
    throw why();
  };
  return {
    node,
    networks: refuse,
    network: refuse,
    createNetwork: refuse,
    changeNetwork: refuse,
    deleteNetwork: refuse,
    rules: refuse,
    setRules: refuse,
    checkRules: refuse,
    explainRules: refuse,
    members: refuse,
    member: refuse,
    changeMember: refuse,
    changeMembers: refuse,
    deleteMember: refuse,
    invites: refuse,
    createInvite: refuse,
    revokeInvite: refuse,
    invitation: refuse,
    tokens: refuse,
    createToken: refuse,
    revokeToken: refuse,
    audit: refuse,
  };
}

/** No node. @param why - makes the error, with its remedy */
export function lackingNode(why: () => Error): NodeManagement {
  const refuse = (): never => {
    throw why();
  };
  return {
    status: refuse,
    peers: refuse,
    networks: refuse,
    network: refuse,
    join: refuse,
    permit: refuse,
    leave: refuse,
    moons: refuse,
    orbit: refuse,
    deorbit: refuse,
    settings: refuse,
    changeSettings: refuse,
    log: refuse,
    freeRange: refuse,
  };
}
