/** Latencies of the last answers as a small line; the words for it are beside it for those who do not see it. */
import type { ReactNode } from 'react';

import type { LatencySample } from '../../service/latency-history.ts';
import { strings } from '../../strings.ts';
import { sparkPath, sparkSize } from './spark-path.ts';

const { latencyMs: latencyText, latencyLine } = strings.members;
/** Room for so many answers at least: two of them are no course of things. */
const roomMin = 12;

/** Nothing while there are fewer than two answers to compare. */
export function Sparkline({ samples }: { readonly samples: readonly LatencySample[] }): ReactNode {
  const known = samples.flatMap(({ latencyMs }) => latencyMs ?? []);
  if (known.length < 2) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)].map(latencyText);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${sparkSize.width} ${sparkSize.height}`}
      role="img"
      aria-label={latencyLine(samples.length, least ?? '', most ?? '')}
    >
      <path d={sparkPath(samples, Math.max(samples.length, roomMin))} />
    </svg>
  );
}
