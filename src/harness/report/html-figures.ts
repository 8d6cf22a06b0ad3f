/** The figures of the HTML report: a legend, and each plot once for a wide screen and once for a phone. */
import type { Analysis } from './analysis.ts';
import { dashOf } from './axis.ts';
import type { Ruler, Scale } from './figures.ts';
import { bare, grouped, symbol } from './figures.ts';
import { html, Html } from './markup.ts';
import { colourOf, drawCurve, drawSeries, drawTail, plotSizes } from './plots.ts';

type Draw = typeof drawCurve;

/** All figures of a run; nothing where nothing was measured. */
export function figures(analysis: Analysis, scale: Scale, idPrefix: string): Html {
  const paths = analysis.paths.filter(({ measuredCount }) => measuredCount > 0);
  if (paths.length === 0)
    return html`<p class="note">Nothing was measured, so there is nothing to draw.</p>`;
  const { unit } = scale.latency;
  const described = paths.map((path) => describe(path, scale.latency)).join('; ');
  const figure = (name: string, draw: Draw, title: string, caption: string): Html =>
    html`<figure>
      <figcaption><b>${title}</b>${caption}</figcaption>
      ${plotSizes.map(
        (size) =>
          html`<div class="${size.name}">
            ${draw(paths, {
              size,
              unit,
              id: `${idPrefix}-${name}-${size.name}`,
              title,
              description: described,
            })}
          </div>`,
      )}
    </figure>`;
  return html`${legend(paths.map(({ label }) => label))}
  ${figure('curve', drawCurve, 'How many requests were answered within', 'The share of requests that took no longer than a latency, up to p99.9. Further left is faster; steeper is steadier.')}
  ${figure('tail', drawTail, 'The slow ones', 'Latency by percentile, each further nine as wide as the one before; the last point is the slowest request of the run.')}
  ${figure('series', drawSeries, 'Over the time of the run', seriesCaption(paths))}`;
}

function seriesCaption(paths: Analysis['paths']): string {
  const count = paths.reduce((sum, { measuredCount }) => sum + measuredCount, 0);
  const shown = paths.reduce((sum, { series }) => sum + series.length, 0);
  const lost = paths.some(({ lostAtNs }) => lostAtNs.length > 0)
    ? ' Marks along the upper edge are lost requests.'
    : '';
  const thinned =
    shown < count
      ? `Up to ${grouped(shown)} of ${grouped(count)} requests: the slowest of each stretch, and others by their place alone.`
      : 'Every request.';
  const turns =
    paths.length > 1
      ? ' Paths take turns, so that what disturbs the host disturbs all of them.'
      : '';
  return `${thinned}${turns}${lost}`;
}

function legend(labels: readonly string[]): Html {
  return html`<ul class="legend">
    ${labels.map(
      (label, i) =>
        html`<li>
          <svg width="34" height="10" aria-hidden="true">
            <line
              x1="0"
              y1="5"
              x2="34"
              y2="5"
              stroke="${colourOf(i)}"
              stroke-width="3"
              stroke-dasharray="${dashOf(i)}"
            /></svg
          >${label}
        </li>`,
    )}
  </ul>`;
}

function describe({ label, latency }: Analysis['paths'][number], ruler: Ruler): string {
  const quantiles = latency.quantiles.flatMap(({ p, value }) =>
    value === null
      ? []
      : [`p${Number((p * 100).toFixed(3))} ${bare(value, ruler)} ${symbol(ruler.unit)}`],
  );
  return `${label}: ${quantiles.join(', ')}, slowest ${bare(latency.max, ruler)} ${symbol(ruler.unit)}`;
}
