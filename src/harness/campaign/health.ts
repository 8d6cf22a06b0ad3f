/** How late the harness itself was during a run: the event loop's delay, timers, processor time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { quantileSorted, sortedCopy } from '../stats/quantile.ts';
import type { HealthMeter } from './campaign.ts';

/** The sampling timer's own period in ms; its delay beyond that is what is reported. */
const resolutionMs = 10;

/** Starts metering. The caller reads it once, which stops it. */
export function startHealthMeter(): HealthMeter {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const cpu = process.cpuUsage();
  return {
    read(latenessNs) {
      delay.disable();
      const { user, system } = process.cpuUsage(cpu);
      // The histogram holds the time between two firings: what is above the period is delay.
      const beyond = (ns: number): number => Math.max(0, Math.round(ns - resolutionMs * 1e6));
      return {
        eventLoopDelayNs:
          delay.count === 0
            ? null
            : {
                p50: beyond(delay.percentile(50)),
                p99: beyond(delay.percentile(99)),
                max: beyond(delay.max),
              },
        sendLatenessNs: lateness(latenessNs),
        cpuUserNs: user * 1000,
        cpuSystemNs: system * 1000,
      };
    },
  };
}

function lateness(latenessNs: readonly number[]): { p50: number; p99: number; max: number } | null {
  if (latenessNs.length === 0) return null;
  const sorted = sortedCopy(latenessNs);
  return {
    p50: quantileSorted(sorted, 0.5),
    p99: quantileSorted(sorted, 0.99),
    max: quantileSorted(sorted, 1),
  };
}
