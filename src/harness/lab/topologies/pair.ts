/**
 * Two hosts and one cable:
 *
 * ```
 *   ovs-<id>-a                      ovs-<id>-b
 *   eth0 10.77.0.1/24 ---- veth ---- eth0 10.77.0.2/24      MTU 1500
 * ```
 */
import { runCommand } from '../../../sys/command.ts';
import { shellPrefix, type NamespaceShell } from '../../../sys/namespace.ts';
import { makeHost, type LabHost } from '../host.ts';
import type { HostFacts } from '../journal.ts';
import { assignAddress } from '../link.ts';
import type { Step } from '../steps.ts';

/** The hosts of the topology by name. */
export interface Pair {
  readonly a: LabHost;
  readonly b: LabHost;
}

const prefixLength = 24;

/** The facts of the two hosts, before they are made. */
export function pairFacts(labId: string): readonly [HostFacts, HostFacts] {
  const facts = (name: string, index: number): HostFacts => ({
    name,
    index,
    namespace: `ovs-${labId}-${name}`,
    underlayAddress: `10.77.0.${index}`,
    underlayInterface: 'eth0',
  });
  return [facts('a', 1), facts('b', 2)];
}

/** Makes both hosts and the cable. The cable never lies on the host: it is made where its ends belong. */
export async function makePair(shell: NamespaceShell, labId: string, step: Step): Promise<Pair> {
  const [a, b] = pairFacts(labId).map((facts) => makeHost(shell, labId, facts)) as [
    LabHost,
    LabHost,
  ];
  const ip = (...words: string[]): Promise<unknown> =>
    runCommand([...shellPrefix(shell), 'ip', ...words]);
  for (const { name, namespace } of [a, b]) {
    await step(`host ${name}`, { kind: 'namespace', namespace }, () =>
      ip('netns', 'add', namespace),
    );
  }
  // Deleting one end deletes the other, at once; deleting the namespaces would do it some time later.
  const cable = { kind: 'link', namespace: a.namespace, link: a.underlayInterface } as const;
  await step('cable between a and b', cable, () =>
    ip(
      ...['link', 'add', 'name', a.underlayInterface, 'netns', a.namespace, 'type', 'veth'],
      ...['peer', 'name', b.underlayInterface, 'netns', b.namespace],
    ),
  );
  for (const host of [a, b]) {
    await step(`underlay of ${host.name}`, null, async () => {
      await host.ip('link', 'set', 'dev', 'lo', 'up');
      await assignAddress(host, host.underlayInterface, host.underlayAddress, prefixLength);
    });
  }
  return { a, b };
}
