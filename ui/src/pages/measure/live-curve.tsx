/** The share of requests answered within a latency, drawn while it grows: axis, colours and dashes are those of the report. */
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useId, type ReactNode } from 'react';

import type { RunLivePath } from '../../../../src/api/schema/run.ts';
import {
  curveRatioMax,
  dashOf,
  latencyDomain,
  logTicks,
  pathColours,
  tickText,
} from '../../../../src/harness/report/axis.ts';
import { strings } from '../../strings.ts';
import { figureText, nsIn, unitOf } from './live-figures.ts';

const words = strings.measure;
const margin = { left: 52, right: 14, top: 10, bottom: 40 } as const;
/** As wide as the report's own two sizes; between them it is drawn anew, so that text stays readable. */
const [wideFromPx, heightPx, narrowHeightPx] = [560, 300, 260];

/** The plot with its legend. */
export function LiveCurve({ paths }: { readonly paths: readonly RunLivePath[] }): ReactNode {
  const { ref, width } = useElementSize();
  const id = useId();
  const theme = useComputedColorScheme('light');
  const colours = pathColours[theme];
  const colourOf = (index: number): string => colours[index % colours.length] ?? 'currentColor';
  return (
    <figure className="curve" aria-labelledby={id}>
      <figcaption id={id}>
        <b>{words.curve}</b>
        <span>{words.curveHint}</span>
      </figcaption>
      <ul className="legend">
        {paths.map(({ label }, i) => (
          <li key={label}>
            <svg width="34" height="10" aria-hidden="true">
              <line
                x1="0"
                y1="5"
                x2="34"
                y2="5"
                stroke={colourOf(i)}
                strokeWidth="3"
                strokeDasharray={dashOf(i)}
              />
            </svg>
            {label}
          </li>
        ))}
      </ul>
      <div ref={ref}>{width > 0 && <Plot paths={paths} width={width} colourOf={colourOf} />}</div>
    </figure>
  );
}

function Plot({
  paths,
  width,
  colourOf,
}: {
  readonly paths: readonly RunLivePath[];
  readonly width: number;
  readonly colourOf: (index: number) => string;
}): ReactNode {
  const height = width >= wideFromPx ? heightPx : narrowHeightPx;
  const unit = unitOf(paths);
  const per = nsIn(unit);
  const curves = paths.map(({ curve }) => curve.filter(({ ratio }) => ratio <= curveRatioMax));
  const [low, high] = latencyDomain(curves, per, curveRatioMax);
  const span = Math.log10(high) - Math.log10(low);
  const x = (value: number): number =>
    margin.left +
    ((Math.log10(Math.max(value, low)) - Math.log10(low)) / span) *
      (width - margin.left - margin.right);
  const y = (ratio: number): number =>
    margin.top + (1 - ratio) * (height - margin.top - margin.bottom);
  const line = (curve: RunLivePath['curve']): string =>
    curve
      .map(({ ratio, latencyNs }, i) => {
        const at = x(latencyNs / per).toFixed(1);
        // A step: the share stays until the next latency, and rises there.
        return i === 0
          ? `M${at},${y(0).toFixed(1)}V${y(ratio).toFixed(1)}`
          : `H${at}V${y(ratio).toFixed(1)}`;
      })
      .join('');
  const said = paths.map(
    (path) => `${path.label}: p50 ${figureText(path.p50Ns, unit, path.needs.p50)}`,
  );
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={`${words.curve}. ${said.join('; ')}`}
    >
      {[0, 0.2, 0.4, 0.6, 0.8, 1].map((ratio) => (
        <g key={ratio}>
          <line
            className="grid"
            x1={margin.left}
            x2={width - margin.right}
            y1={y(ratio)}
            y2={y(ratio)}
          />
          <text x={margin.left - 8} y={y(ratio)} dy="0.32em" textAnchor="end">
            {Math.round(ratio * 100)} %
          </text>
        </g>
      ))}
      {logTicks(low, high, width >= wideFromPx ? 10 : 6).map((tick) => (
        <g key={tick}>
          <line className="tick" x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(0) + 5} />
          <text x={x(tick)} y={y(0) + 18} textAnchor="middle">
            {tickText(tick)}
          </text>
        </g>
      ))}
      <text x={width - margin.right} y={height - 4} textAnchor="end">
        {words.curveAxisX(unit === 'us' ? 'µs' : unit)} →
      </text>
      {curves.map((curve, i) => (
        <path
          key={paths[i]?.label}
          d={line(curve)}
          fill="none"
          stroke={colourOf(i)}
          strokeWidth="2"
          strokeDasharray={dashOf(i)}
        />
      ))}
    </svg>
  );
}
