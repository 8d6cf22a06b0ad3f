/** A line of latencies in a small picture: as high as the highest, with gaps where none was known. */
import type { LatencySample } from '../../service/latency-history.ts';

/** The picture, in its own units. */
export const sparkSize = { width: 64, height: 18 } as const;
/** Room for the thickness of the line. */
const edge = 1.5;

/** A sequence of answers side by side, the latest at the right edge; empty: nothing is known. */
export function sparkPath(samples: readonly LatencySample[], room: number): string {
  const known = samples.flatMap(({ latencyMs }) => latencyMs ?? []);
  if (known.length === 0) return '';
  const top = Math.max(...known, 1);
  const step = (sparkSize.width - 2 * edge) / Math.max(1, room - 1);
  const height = sparkSize.height - 2 * edge;
  let isDrawing = false;
  return samples
    .map(({ latencyMs }, i) => {
      if (latencyMs === null) {
        isDrawing = false;
        return '';
      }
      const x = sparkSize.width - edge - (samples.length - 1 - i) * step;
      const y = edge + height * (1 - latencyMs / top);
      const place = `${x.toFixed(1)} ${y.toFixed(1)}`;
      // A single point is seen by a line to itself, with round ends.
      const mark = isDrawing ? `L${place}` : `M${place}L${place}`;
      isDrawing = true;
      return mark;
    })
    .join('');
}
