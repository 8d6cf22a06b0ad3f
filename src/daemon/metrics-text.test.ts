import { describe, expect, it } from 'vitest';

import { metricsText } from './metrics-text.ts';

describe('the text of figures', () => {
  it('is that of Prometheus, with labels by name and what others say escaped', () => {
    const text = metricsText([
      {
        ...{ name: 'a', help: 'first', type: 'counter' },
        series: [{ value: 1.5 }, { labels: { z: 'x"y\\z\n', b: '' }, value: 0 }],
      },
      { name: 'b', help: 'second', type: 'gauge', series: [] },
    ]);
    expect(text).toBe(
      '# HELP a first\n# TYPE a counter\na 1.5\na{b="",z="x\\"y\\\\z\\n"} 0\n# HELP b second\n# TYPE b gauge\n',
    );
  });
});
