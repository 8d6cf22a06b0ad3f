/** All events, in an order in which each leaves what the next one needs. */
import type { RecoveryEvent } from '../event.ts';
import { addressChange } from './address-change.ts';
import { deadPath } from './dead-path.ts';
import { directAgain } from './direct-again.ts';
import { joinPing } from './join-ping.ts';
import { rootRestart } from './root-restart.ts';
import { startOnline } from './start-online.ts';

export const events: readonly RecoveryEvent[] = [
  joinPing,
  startOnline,
  addressChange,
  deadPath,
  directAgain,
  rootRestart,
];
