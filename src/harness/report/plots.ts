/**
 * Plots as SVG text, drawn without a browser: Observable Plot into a DOM of linkedom.
 *
 * Colours are CSS variables of the page (`--p0` …), so that both themes read well; each path also has a dash pattern of
 * its own, for whoever cannot tell the colours apart.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { unitSymbols, type DurationUnit } from '../stats/duration-format.ts';
import { curveRatioMax, dashOf, latencyDomain, logTicks, pathColours, tickText } from './axis.ts';
import { thinSeries, type CurvePoint, type SeriesPoint } from './curve.ts';
import { escapeMarkup, Html } from './markup.ts';

/** One path in a plot. */
export interface PlotPath {
  readonly label: string;
  readonly curve: readonly CurvePoint[];
  readonly series: readonly SeriesPoint[];
  readonly lostAtNs: readonly number[];
}

/** A page for a wide screen and one for a phone draw their own: text of a shrunken plot cannot be read. */
export interface PlotSize {
  readonly name: 'wide' | 'narrow';
  readonly widthPx: number;
  readonly heightPx: number;
}

export const plotSizes: readonly PlotSize[] = [
  { name: 'wide', widthPx: 720, heightPx: 300 },
  { name: 'narrow', widthPx: 340, heightPx: 260 },
];

interface Drawing {
  readonly size: PlotSize;
  readonly unit: DurationUnit;
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader who cannot see it should know. */
  readonly description: string;
}

const nsIn: Readonly<Record<DurationUnit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** The share of requests answered within a latency, both drawn from each path's curve. */
export function drawCurve(paths: readonly PlotPath[], drawing: Drawing): Html {
  const per = nsIn[drawing.unit];
  const x = latencyDomain(curvesOf(paths), per, curveRatioMax);
  return draw(
    drawing,
    {
      x: latencyScale(x, drawing),
      y: {
        domain: [0, 1],
        label: 'requests answered within',
        grid: true,
        tickFormat: (ratio: number) => `${Math.round(ratio * 100)} %`,
        ticks: 5,
      },
    },
    paths.map(({ curve }, i) =>
      // Left out rather than clipped: a clip has an id, and ids of several plots on a page collide.
      Plot.line(
        curve.filter(({ ratio }) => ratio <= curveRatioMax),
        {
          x: (point: CurvePoint) => logOf(point, per),
          y: ({ ratio }: CurvePoint) => ratio,
          curve: 'step-after',
          ...strokeOf(i),
        },
      ),
    ),
  );
}

/** Where the tail has its ticks. */
const percentiles = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999] as const;

/** The tail: latency by percentile, each further nine as wide as the one before. */
export function drawTail(paths: readonly PlotPath[], drawing: Drawing): Html {
  const per = nsIn[drawing.unit];
  const fewest = Math.min(0.1, ...paths.flatMap(({ curve }) => leastShare(curve)));
  return draw(
    drawing,
    {
      x: {
        domain: [0, ninesOf(fewest)],
        label: 'percentile',
        ticks: percentiles.map((p) => ninesOf(1 - p)).filter((nines) => nines <= ninesOf(fewest)),
        tickFormat: (nines: number) => `p${Number((100 - 100 * 10 ** -nines).toFixed(4))}`,
        grid: true,
      },
      y: { ...latencyScale(latencyDomain(curvesOf(paths), per, 1), drawing), grid: true },
    },
    paths.map(({ curve }, i) =>
      Plot.line(curve, {
        // The share that took as long or longer: the last sample is the slowest 1/n.
        x: ({ ratio }: CurvePoint) => ninesOf(Math.max(1 - ratio, leastShare(curve))),
        y: (point: CurvePoint) => logOf(point, per),
        ...strokeOf(i),
      }),
    ),
  );
}

/** Latency over the time of the run; lost requests as marks along the top. */
export function drawSeries(paths: readonly PlotPath[], drawing: Drawing): Html {
  const per = nsIn[drawing.unit];
  const pointsMax = drawing.size.name === 'wide' ? Infinity : 360;
  return draw(
    drawing,
    {
      x: { label: 'seconds since the run began', ticks: drawing.size.widthPx / 90 },
      y: { ...latencyScale(latencyDomain(curvesOf(paths), per, 1), drawing), grid: true },
    },
    paths.flatMap(({ series, lostAtNs }, i) => [
      Plot.dot(thinSeries(series, pointsMax), {
        x: ({ atNs }: SeriesPoint) => atNs / 1e9,
        y: (point: SeriesPoint) => logOf(point, per),
        r: 1.4,
        fill: colourOf(i),
        fillOpacity: 0.55,
      }),
      Plot.tickX(lostAtNs, {
        x: (atNs: number) => atNs / 1e9,
        stroke: colourOf(i),
        strokeWidth: 1.5,
        // Short marks at the upper edge, whatever the domain is.
        insetBottom: drawing.size.heightPx - 80,
      }),
    ]),
  );
}

/** A variable of the page. */
export function colourOf(index: number): string {
  return `var(--p${index % pathColours.light.length})`;
}

function strokeOf(index: number): { stroke: string; strokeWidth: number; strokeDasharray: string } {
  return {
    stroke: colourOf(index),
    strokeWidth: 2,
    strokeDasharray: dashOf(index),
  };
}

/** A linear scale of logarithms: Plot's own logarithmic one leaves out labels as it likes. */
function latencyScale(
  [low, high]: readonly [number, number],
  { unit, size }: Drawing,
): Plot.ScaleOptions {
  return {
    domain: [Math.log10(low), Math.log10(high)],
    label: `latency, ${unitSymbols[unit]}`,
    ticks: logTicks(low, high, size.name === 'wide' ? 10 : 6).map(Math.log10),
    tickFormat: (logarithm: number) => tickText(10 ** logarithm),
  };
}

function curvesOf(paths: readonly PlotPath[]): (readonly CurvePoint[])[] {
  return paths.map(({ curve }) => curve);
}

function logOf({ latencyNs }: { readonly latencyNs: number }, per: number): number {
  return Math.log10(Math.max(1, latencyNs) / per);
}

/** How many nines: 1 for p90, 2 for p99. */
function ninesOf(share: number): number {
  return -Math.log10(share);
}

function leastShare(curve: readonly CurvePoint[]): number {
  const first = curve[0]?.ratio ?? 1;
  return Math.min(0.5, first);
}

function draw(
  { size, id, title, description }: Drawing,
  scales: Plot.PlotOptions,
  marks: Plot.Markish[],
): Html {
  const svg: unknown = Plot.plot({
    ...scales,
    document: emptyDocument(),
    width: size.widthPx,
    height: size.heightPx,
    marginLeft: 56,
    marginBottom: 42,
    marginTop: 26,
    marginRight: 16,
    className: 'plot',
    style: { fontSize: '12px', fontFamily: 'inherit', background: 'none' },
    marks,
  });
  if (!isElement(svg))
    throw new Error('invariant broken: a plot without a legend is an SVG element');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title ${id}-desc`);
  svg.removeAttribute('font-family');
  // The page styles plots once; each carrying the same rules would only be longer.
  svg.querySelector('style')?.remove();
  const named = `<title id="${id}-title">${escapeMarkup(title)}</title><desc id="${id}-desc">${escapeMarkup(description)}</desc>`;
  // Groups of an image have no role that a label may stand on; the page's style knows them by it.
  const markup = shortened(svg.outerHTML.replaceAll(' aria-label="', ' data-part="'));
  const end = markup.indexOf('>') + 1;
  return new Html(markup.slice(0, end) + named + markup.slice(end));
}

/** Plot and linkedom type documents by a library of browsers that we do not compile against: `never` fits both. */
function emptyDocument(): never {
  const page: unknown = parseHTML('<!doctype html><html><body></body></html>');
  return (page as { readonly document: never }).document;
}

/** What is used of an element. */
interface SvgElement {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelector(selector: string): { remove(): void } | null;
}

function isElement(value: unknown): value is SvgElement {
  return typeof value === 'object' && value !== null && 'outerHTML' in value;
}

/** A tenth of a pixel is finer than any screen: longer coordinates only make the file longer. */
function shortened(markup: string): string {
  return markup.replace(
    /( (?:d|cx|cy|x|y|x1|x2|y1|y2|transform)=")([^"]*)"/g,
    (_, name: string, numbers: string) =>
      `${name}${numbers.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1))))}"`,
  );
}
