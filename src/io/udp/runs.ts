/**
 * Runs of datagrams that the kernel takes as one and cuts: to one endpoint, lying behind each other, of one length but the
 * last, which may be shorter. Source: udp(7), UDP_SEGMENT.
 */
import type { DatagramBatch } from '../../core/ports.ts';

/** Datagrams of a run: UDP_MAX_SEGMENTS of all kernels that have it. */
export const runCountMax = 64;
/** Bytes of a run: what an IPv4 packet carries in UDP. */
export const runBytesMax = 65_507;

/**
 * How many datagrams of a list, from one on, are a run; at least 1.
 *
 * @param indices - of datagrams in the batch. @param first - position in the list. @param count - of the list
 */
export function runLength(
  { starts, ends, endpoints, ttls }: DatagramBatch,
  indices: Int32Array,
  first: number,
  count: number,
): number {
  const head = indices[first] as number;
  const start = starts[head] as number;
  const length = (ends[head] as number) - start;
  if (ttls[head] !== 0 || length === 0) return 1;
  let end = ends[head] as number;
  let run = 1;
  while (run < runCountMax && first + run < count) {
    const next = indices[first + run] as number;
    const nextEnd = ends[next] as number;
    const nextLength = nextEnd - end;
    const follows = starts[next] === end && endpoints[next] === endpoints[head] && ttls[next] === 0;
    if (!follows || nextLength > length || nextLength <= 0 || nextEnd - start > runBytesMax) break;
    end = nextEnd;
    run++;
    if (nextLength < length) break;
  }
  return run;
}
