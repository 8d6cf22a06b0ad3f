/** Every check, in the order of the table. A new one is a file and a line here. */
import type { Check } from '../check.ts';
import { authorisation } from './authorisation.ts';
import { bridge } from './bridge.ts';
import { commandLine } from './command-line.ts';
import { ipv6Underlay } from './ipv6-underlay.ts';
import { relay } from './relay.ts';
import { restart } from './restart.ts';
import { suites } from './suites.ts';
import { traffic } from './traffic.ts';

/** See the head of this file. */
export const checks: readonly Check[] = [
  traffic,
  authorisation,
  bridge,
  commandLine,
  relay,
  restart,
  suites,
  ipv6Underlay,
];
