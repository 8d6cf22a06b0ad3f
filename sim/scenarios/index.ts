/** All scenarios, in the order in which they are run. */
import type { Scenario } from '../scenario.ts';
import { addressChange } from './address-change.ts';
import { chaos } from './chaos.ts';
import { clockStep } from './clock-step.ts';
import { controllerAway } from './controller-away.ts';
import { deadPath } from './dead-path.ts';
import { deauthorize } from './deauthorize.ts';
import { shutOutMany } from './shut-out-many.ts';
import { flood } from './flood.ts';
import { forgedRequests } from './forged-requests.ts';
import { idleTraffic } from './idle-traffic.ts';
import { ipv6Firewalls } from './ipv6-firewalls.ts';
import { joinPing } from './join-ping.ts';
import { manyMembers } from './many-members.ts';
import { memberReports } from './member-reports.ts';
import { natGrid } from './nat-grid.ts';
import { packetLoss } from './packet-loss.ts';
import { rootFailover } from './root-failover.ts';
import { rootRestart } from './root-restart.ts';
import { sameSite } from './same-site.ts';
import { startOnline } from './start-online.ts';

/** The seed of the gate. */
export const gateSeed = '1';

export const scenarios: readonly Scenario[] = [
  startOnline,
  joinPing,
  natGrid,
  sameSite,
  ipv6Firewalls,
  deadPath,
  addressChange,
  rootRestart,
  rootFailover,
  controllerAway,
  deauthorize,
  shutOutMany,
  memberReports,
  packetLoss,
  clockStep,
  idleTraffic,
  manyMembers,
  flood,
  forgedRequests,
  chaos,
];
