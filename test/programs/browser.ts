/** Chromium on a host of a lab, driven by Playwright. It speaks with the host's loopback and with nobody else: there is no way out. */
import { chmodSync, writeFileSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

import type { NodeHost } from './node-hosts.ts';
import type { Programs } from './program.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Where Debian has it. */
export const chromiumPath = '/usr/bin/chromium';

/** Starts it on a host. The caller closes it. */
export async function openBrowser(here: Omit<Programs, 'close'>, host: NodeHost): Promise<Browser> {
  const wrapper = here.path(`chromium-${host.name}`);
  const words = host.argv(chromiumPath).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  writeFileSync(wrapper, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(wrapper, 0o755);
  return await chromium.launch({ executablePath: wrapper, args: flags, headless: true });
}
