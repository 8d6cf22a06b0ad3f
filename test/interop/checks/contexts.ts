/**
 * The commands of Overspan beside each controller: a context of the official service where R is official, and of an Overspan
 * daemon where it is ours. A network is made, a member let in and put out, by nothing else.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Check } from '../check.ts';
import type { Lab } from '../lab.ts';
import { overspan, type LabNode } from '../node.ts';
import { must, until } from '../wait.ts';

/** As `member list --json` shows it. */
interface Member {
  readonly address: string;
  readonly state: string;
  readonly isAuthorized: boolean;
  readonly ipAssignments: readonly string[];
  readonly heard: { readonly by: string } | null;
}

/** A subnet that is not the lab's. */
const pool = '10.145.0.0/24';

/** See the head of this file. */
export const contexts: Check = {
  name: 'contexts',
  run: async (lab, row) => {
    const { R, A, B } = lab.nodes;
    const settings = join(lab.options.directory, 'settings');
    const command = (...words: readonly string[]): Promise<string> =>
      R.run('env', `XDG_CONFIG_HOME=${settings}`, process.execPath, overspan, ...words);
    const ask = async <T>(...words: readonly string[]): Promise<T> =>
      JSON.parse(await command('--context', 'lab', ...words, '--json')) as T;
    let id = '';
    const members = async (): Promise<Map<string, Member>> => {
      const said = await ask<{ members: Member[] }>('member', 'list', id);
      return new Map(said.members.map((member) => [member.address, member]));
    };
    const addressIn = async (node: LabNode): Promise<string> => {
      const facts = await node.get<{ status: string; assignedAddresses: string[] }>(
        `/network/${id}`,
      );
      const address = facts?.assignedAddresses.find((each) => each.startsWith('10.145.0.'));
      must(facts?.status === 'OK' && address !== undefined, `${node.name}: ${facts?.status}`);
      return address.split('/')[0]!;
    };

    await row('a context', async () => {
      const kind = R.isOverspan ? '--overspan' : '--zerotier-one';
      const said = await command('context', 'add', 'lab', kind, '--home', R.home);
      must(said.endsWith(', with 1 network\n'), said);
      must(existsSync(join(settings, 'overspan', 'contexts.json')), 'nothing was written');
      return undefined;
    });
    await row('a network is made, and changed', async () => {
      const words = ['network', 'create', '--name', 'made', '--pool', pool];
      id = (await ask<{ network: { id: string } }>(...words)).network.id;
      const set = await ask<{ network: { mtu: number; assigns6plane: boolean } }>(
        ...['network', 'set', id, '--mtu', '1400'],
      );
      must(set.network.mtu === 1400 && set.network.assigns6plane, JSON.stringify(set));
      return undefined;
    });
    await row('who asks is seen', async () => {
      for (const node of [A, B]) await node.post(`/network/${id}`, {});
      return until('both wait', 20, async () => {
        const states = [...(await members()).values()].map(({ state }) => state);
        return states.length === 2 && states.every((state) => state === 'waiting');
      });
    });
    await row('both are let in, and reach each other', async () => {
      await ask('member', 'authorize', id, A.address, B.address);
      await until('both are members', 40, async () => {
        for (const node of [A, B]) await addressIn(node);
        return true;
      });
      const toB = await addressIn(B);
      return until('A reaches B', 40, () => lab.reaches(A, toB));
    });
    await row('what is said of them is true', () => toldOf(lab, members));
    await row('both are put out, and both learn it', async () => {
      const [toA, toB] = [await addressIn(A), await addressIn(B)];
      await ask('member', 'deauthorize', id, A.address, B.address);
      const seconds = await until('neither answers the other', 10, async () =>
        (await Promise.all([lab.reaches(A, toB), lab.reaches(B, toA)])).every((each) => !each),
      );
      const states = [...(await members()).values()].map(({ state }) => state);
      must(states.join() === 'denied,denied', states.join());
      return seconds;
    });
    await row('it is written, made again, and both are ended', async () => {
      const file = join(lab.options.directory, 'network.json');
      await R.run(
        'sh',
        ...['-c', 'exec "$@" >"$0"', file, 'env', `XDG_CONFIG_HOME=${settings}`],
        ...[process.execPath, overspan, '--context', 'lab', 'network', 'export', id],
      );
      const { network } = await ask<{ network: { id: string; name: string; mtu: number } }>(
        ...['network', 'import-file', file],
      );
      must(network.name === 'made' && network.mtu === 1400, JSON.stringify(network));
      for (const each of [id, network.id]) await ask('network', 'delete', each, '--yes');
      const left = await ask<{ owned: { id: string }[] }>('network', 'list');
      must(left.owned.map(({ id: each }) => each).join() === lab.networkId, JSON.stringify(left));
      for (const node of [A, B]) await node.run(...leave(node, id));
      return undefined;
    });
  },
};

/** Ours knows that members asked; the official service only that their nodes are there. */
async function toldOf(lab: Lab, members: () => Promise<Map<string, Member>>): Promise<undefined> {
  const { R, A, B } = lab.nodes;
  const told = await members();
  for (const { address } of [A, B]) {
    const member = told.get(address);
    must(member?.isAuthorized === true, `${address} is not authorised`);
    must(member.ipAssignments.length === 1, `${address} has ${member.ipAssignments.join()}`);
    must(member.state === (R.isOverspan ? 'ok' : 'unknown'), `${address} is ${member.state}`);
    must(member.heard !== null, `${address} was not heard`);
    must(R.isOverspan || member.heard.by === "controller's node", member.heard.by);
  }
  return undefined;
}

function leave(node: LabNode, id: string): string[] {
  const api = `http://127.0.0.1:${node.port}/network/${id}`;
  const token = `X-ZT1-Auth: $(cat ${join(node.home, 'authtoken.secret')})`;
  return ['sh', '-c', `curl -sS -X DELETE -H "${token}" ${api}`];
}
