/** The operator's settings. */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { emptyLocalConf, parseLocalConf } from './local-conf.ts';

const parse = (text: string): ReturnType<typeof parseLocalConf> => parseLocalConf(text, 'conf');

describe('local.conf', () => {
  it('of the official lab asks for nothing that we do otherwise', () => {
    const file = new URL('../../test/vectors/captures/home/local.conf', import.meta.url);
    expect(parse(readFileSync(file, 'utf8'))).toEqual(emptyLocalConf);
  });

  it('sets port, addresses and interfaces', () => {
    const settings = { primaryPort: 9000, bind: ['192.0.2.1'], interfacePrefixBlacklist: ['eth'] };
    expect(parse(JSON.stringify({ settings }))).toEqual({ ...settings, ignored: [] });
  });

  it('names what does nothing here', () => {
    const text = '{"settings":{"forceTcpRelay":true,"softwareUpdate":"apply"},"physical":{}}';
    expect(parse(text).ignored).toEqual([
      'physical',
      'settings.forceTcpRelay',
      'settings.softwareUpdate',
    ]);
  });

  it('is refused where it is no JSON or a value is wrong', () => {
    for (const text of ['', '{', '[]', '{"settings":{"primaryPort":65536}}', '{"settings":3}'])
      expect(() => parse(text), text).toThrow(
        expect.objectContaining({ code: 'LOCAL_CONF_INVALID' }) as Error,
      );
  });
});
