/** What every format makes of the same synthetic records. The snapshots are of made-up figures and prove only form. */
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';

import { syntheticRecord, twoPaths } from '../../../test/synthetic/record.ts';
import { analyse } from './analysis.ts';
import { csvHeader, renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { terminalLines } from './terminal.ts';

const quick = { resamples: 400 };
const comparison = analyse(syntheticRecord(), quick);
const probe = analyse(
  syntheticRecord({ command: 'probe', paths: [twoPaths[0]!], rounds: 1, calibrationRounds: 0 }),
  quick,
);

const nasty = '</title><script>alert(1)</script>"\' onload=x \u001b]0;t\u0007 \u202e';
const hostile = analyse(
  syntheticRecord({
    command: nasty,
    paths: [
      { label: nasty, baseNs: 118_000, host: nasty, description: nasty, losesOneIn: 20 },
      { label: `${nasty}2`, baseNs: 233_000, host: nasty },
    ],
    instanceIdOf: (label) => label,
  }),
  quick,
);
const hostileProbe = analyse(
  syntheticRecord({ paths: [{ label: nasty, baseNs: 1_000, host: nasty }], rounds: 1 }),
  quick,
);

describe('the terminal', () => {
  it('shows a comparison', () => {
    expect(`\n${terminalLines(comparison).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      tls-rr 64 B, 12 rounds, 600 requests a path, lost 0
      path     p50 µs          p99 µs          p99.9 µs
      direct   118 [117, 119]  146 [140, 512]  needs ≥ 3 688 samples
      overlay  233 [231, 235]  537 [291, 966]  needs ≥ 3 688 samples
      overlay costs +115 µs [113, 118] at p50 (×1.98), no difference shown at p99 (+391 µs [−71, 697])
      harness floor 113 µs; A/A difference −1.2 µs [−2.9, 0.9]: below 5 µs nothing is claimed

      apart from the latencies above, medians:
      path     TCP connect µs  TLS handshake, full ms  TLS handshake, resumed ms  first answer µs  server µs       send call µs
      direct   69 [68, 74]     2.17 [2.02, 2.37]       1.11 [1.06, 1.23]          163 [157, 171]   9.0 [9.0, 9.1]  21.0 [20.8, 21.2]
      overlay  141 [137, 147]  2.37 [2.21, 2.48]       1.37 [1.30, 1.42]          294 [273, 325]   9.1 [9.0, 9.2]  20.9 [20.8, 21.1]
      "
    `);
  });

  it('shows one path', () => {
    expect(`\n${terminalLines(probe).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      tls-rr 64 B, 50 requests, lost 0
      latency     µs  95 % interval
      min      101.2
      p50      116.7  [114.8, 124.4]
      p90      129.6  [127.6, 150.1]
      p99          –  needs ≥ 368 samples
      p99.9        –  needs ≥ 3 688 samples
      max      150.1
      mean     119.6
      jitter    11.7  RFC 3550
      counted 50, lost 0, warm-up discarded 10

      apart from the latencies above, medians:
      server processing       9.0 [8.7, 9.2] µs
      send call               20.6 [20.0, 21.5] µs
      TCP connect             66.5 … 88.6 (2 times) µs
      TLS handshake, full     2.07 (once) ms
      TLS handshake, resumed  1.06 (once) ms
      first answer            194 (once) µs
      not calibrated; by the step of the clock, below 20 ns nothing is claimed
      "
    `);
  });

  it('gets no control character from a record', () => {
    for (const line of [...terminalLines(hostile), ...terminalLines(hostileProbe)])
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('the page', () => {
  const page = renderHtml([comparison]);
  const { document } = parseHTML(page) as unknown as {
    document: {
      querySelectorAll(
        selector: string,
      ): Iterable<{ textContent: string; outerHTML: string; id: string }>;
    };
  };
  const all = (selector: string): { textContent: string; outerHTML: string; id: string }[] => [
    ...document.querySelectorAll(selector),
  ];

  it('has the verdict on top', () => {
    expect(all('h1').map(({ textContent }) => textContent)).toEqual([
      'overlay costs 115\u00a0µs more than direct at the median (×1.98)',
    ]);
  });

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(/<script|<link|<img|<iframe|url\(|@import|\son\w+=/i.exec(page)?.[0]).toBeUndefined();
    expect(
      page.match(/https?:\/\/[^"]+/g)?.every((url) => url === 'http://www.w3.org/2000/svg'),
    ).toBe(true);
  });

  it('is small', () => {
    const wide = Array.from({ length: 6 }, (_, i) => ({
      label: `path ${i}`,
      baseNs: 1e5 * (i + 1),
    }));
    const record = syntheticRecord({ paths: wide, rounds: 8, requestsPerVisit: 500 });
    expect(renderHtml([analyse(record, { resamples: 50 })]).length).toBeLessThan(700_000);
  });

  it('names its tables and plots, each id once', () => {
    expect(all('table').length).toBe(all('table > caption').length);
    expect(all('svg.plot')).toHaveLength(6);
    expect(all('svg.plot > title')).toHaveLength(6);
    expect(all('svg.plot > desc')).toHaveLength(6);
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['one run', [hostile]],
    ['several runs', [hostile, hostileProbe, probe]],
  ])('shows a hostile record as text (%s)', (_name, analyses) => {
    const hostilePage = renderHtml(analyses);
    expect(/<script|alert\(1\)<\/|"' onload/.exec(hostilePage)?.[0]).toBeUndefined();

    expect(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/.exec(hostilePage)?.index).toBeUndefined();
    expect(hostilePage.includes('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe(true);
  });

  it('is made of a run that measured nothing', () => {
    const empty = {
      ...syntheticRecord(),
      visits: [],
      plan: null,
      before: null,
      after: null,
      end: null,
    };
    expect(renderHtml([analyse(empty)]).includes('nothing was measured')).toBe(true);
    expect(terminalLines(analyse(empty))[0]).toBe('the run ended before its plan was written');
  });
});

describe('Markdown', () => {
  it('summarises a comparison', () => {
    expect(`\n${renderMarkdown([comparison])}`).toMatchInlineSnapshot(`
      "
      ## overlay costs 115 µs more than direct at the median (×1.98)

      - overlay costs +115 µs \\[113, 118\\] at p50 (×1.98), no difference shown at p99 (+391 µs \\[−71, 697\\])
      - tls-rr 64 B, 12 rounds, 600 requests a path, lost 0
      - harness floor 113 µs; A/A difference −1.2 µs \\[−2.9, 0.9\\]: below 5 µs nothing is claimed

      | metric | direct | overlay | overlay − direct |
      | --- | --- | --- | --- |
      | p50, µs | 118 [117, 119] | 233 [231, 235] | +115 µs [113, 118], ×1.98 |
      | p90, µs | 132 [131, 134] | 259 [255, 262] | +126 µs [124, 129], ×1.95 |
      | p99, µs | 146 [140, 512] | 537 [291, 966] | +391 µs [−71, 697], no difference shown |
      | p99.9, µs | needs ≥ 3 688 samples | needs ≥ 3 688 samples | – |
      | mean, µs | 121 [118, 124] | 241 [235, 247] | +120 µs [114, 127], ×1.99 |
      | TCP connect, µs | 69 [68, 74] | 141 [137, 147] | +72 µs [66, 78], ×2.04 |
      | TLS handshake, full, ms | 2.17 [2.02, 2.37] | 2.37 [2.21, 2.48] | +0.19 ms [−0.09, 0.34], no difference shown |
      | TLS handshake, resumed, ms | 1.11 [1.06, 1.23] | 1.37 [1.30, 1.42] | +0.25 ms [0.13, 0.34], ×1.23 |
      | first answer, µs | 163 [157, 171] | 294 [273, 325] | +131 µs [107, 164], ×1.81 |

      Run synthetic-synthetic, overspan 0.0.0-synthetic, seed synthetic; intervals at 95 %.
      "
    `);
  });

  it('lets no label become markup', () => {
    const label = '[x](y) | `z` <b> *w*\u001b';
    const paths = [
      { label, baseNs: 1e5 },
      { label: 'other', baseNs: 2e5 },
    ];
    const text = renderMarkdown([analyse(syntheticRecord({ paths }), quick)]);
    expect(text).toContain('\\[x\\](y) \\| \\`z\\` \\<b\\> \\*w\\*\\\\u\\{1b\\}');
    expect(text).not.toContain('| `z`');
  });
});

describe('CSV', () => {
  it('has one row a request, lost ones too', () => {
    const paths = [{ ...twoPaths[0]!, losesOneIn: 5 }];
    const record = syntheticRecord({
      paths,
      rounds: 3,
      requestsPerVisit: 20,
      calibrationRounds: 0,
    });
    const rows = [...renderCsv([record])].join('').trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 60);
    expect(rows[0]).toBe(csvHeader.join(','));
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([csvHeader.length]));
    const lost = record.visits.flatMap((visit) => visit.lost).length;
    expect(rows.filter((row) => row.includes(',lost: timeout,'))).toHaveLength(lost);
    expect(lost).toBeGreaterThan(0);
  });

  it('leaves unknown cells empty and formulas inert', () => {
    const paths = [{ label: '=HYPERLINK("x")', baseNs: 1e5 }];
    const record = syntheticRecord({
      paths,
      rounds: 1,
      requestsPerVisit: 1,
      calibrationRounds: 0,
      serverSays: false,
    });
    const [, row] = [...renderCsv([record])].join('').split('\r\n');
    expect(row).toMatch(
      /^synthetic-synthetic,measurement,0,0,"'=HYPERLINK\(""x""\)",answered,(\d+,){4}$/,
    );
  });
});
