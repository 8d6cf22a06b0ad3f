/** Services that own networks, whichever make they are. Runs wherever there is `fetch`. */
export {
  backendKinds,
  backendNames,
  type Backend,
  type BackendKind,
  type BackendSurroundings,
  type HeardBy,
  type MemberView,
  type NetworkView,
  type RulesText,
} from './backend.ts';
export { CentralBackend } from './central.ts';
export { CentralClient, centralOrigin } from './central-client.ts';
export { OverspanBackend } from './overspan.ts';
export { serviceLacks } from './problems.ts';
export { ZeroTierOneBackend } from './zerotier-one.ts';
