/** The latencies of all members of all services that the page has asked for since it was opened. */
import type { MemberV1 } from '../../../src/api/schema/v1.ts';
import { onForgetting } from './forgetting.ts';
import { LatencyHistory, type LatencySample } from './latency-history.ts';

let history = new LatencyHistory();
onForgetting(() => {
  history = new LatencyHistory();
});

const subject = (service: string, network: string, address: string): string =>
  `${network}/${address}@${service}`;

/** An answer has come. @returns it */
export function noteLatencies(service: string, members: MemberV1[]): MemberV1[] {
  const now = Date.now();
  for (const { network, address, path } of members)
    history.note(subject(service, network, address), now, path.latencyMs);
  return members;
}

/** Of one member, the oldest first. */
export function latenciesOf(
  service: string,
  network: string,
  address: string,
): readonly LatencySample[] {
  return history.of(subject(service, network, address));
}
