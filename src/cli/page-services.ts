/** The services of `overspan ui`: what the command is about, every context of the user, and the daemon of the home. */
import { resolve } from 'node:path';

import type { ServiceContext } from './contexts.ts';
import type { Target } from './service.ts';

/** By the names that they have on the page, what the command is about first. No home is there twice. */
export function pageServices(
  target: Target,
  contexts: Readonly<Record<string, ServiceContext>>,
  home: string,
): ReadonlyMap<string, ServiceContext> {
  // No context has a name that begins with a dot.
  const own = Object.hasOwn(contexts, 'here') ? '.here' : 'here';
  const services = new Map([[target.name ?? own, target.service]]);
  for (const [name, service] of Object.entries(contexts))
    if (!services.has(name)) services.set(name, service);
  const homes = [...services.values()].map((each) =>
    each.kind === 'central' ? null : resolve(each.home),
  );
  if (!homes.includes(resolve(home))) services.set(own, { kind: 'overspan', home });
  return services;
}
