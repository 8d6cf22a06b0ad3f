/**
 * Our API beside what the API of three official nodes was asked and answered: the same requests in the same order, to
 * daemons of ours that have the same identities, planet and settings. What differs must be in the list, and what is in the
 * list must differ.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode, type Answer, type CapturedName } from '../../test/api/captured-node.ts';
import { listedDifferences } from '../../test/api/differences.ts';
import { jsonDifferences, type JsonDifference } from '../../test/api/json-differences.ts';
import {
  capturedAnswers,
  capturedBodies,
  capturedExtraAnswers,
  type CapturedAnswer,
} from '../../test/vectors/captured-answers.ts';
import { ByteWriter } from '../base/bytes.ts';
import { parseMac, type Mac } from '../base/ids.ts';
import { MemoryNetwork } from '../io/udp/index.ts';
import type { MulticastGroup } from '../wire/multicast-group.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-captured-'));
const net = new MemoryNetwork();
const nodes: Readonly<Record<CapturedName, CapturedNode>> = {
  R: new CapturedNode(net, 'R', directory),
  A: new CapturedNode(net, 'A', directory),
  B: new CapturedNode(net, 'B', directory),
};
const { R, A, B } = nodes;
const id = '283c5bc4bcc3c8a8';
const network = `/network/${id}`;
const owned = `/controller/network/${id}`;

/** What depends on the run: when, how fast, and where the machine keeps it. */
const varies = (at: string): boolean =>
  /(^|[.\]])(clock|creationTime|last\w+Time|lastReceive|lastSend|homeDir|primaryPort)$/.test(at);
/** The same of what may also be 0. */
const mayBeZero = (at: string): boolean => /(^|[.\]])latency$/.test(at);

beforeAll(async () => {
  for (const node of Object.values(nodes)) await node.start();
  for (const node of [A, B]) await node.until('/status', ({ online }) => online === true);
});
afterAll(async () => {
  for (const node of Object.values(nodes)) await node.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Found so far, with the answer. */
const found: (JsonDifference & { readonly answer: string })[] = [];
const compared = new Set<string>();

/** Compares an answer with ours. @param text - theirs, with what it names put into our terms */
function compare(captured: CapturedAnswer, ours: Answer, text = captured.body): void {
  const { name, status, type } = captured;
  compared.add(name);
  const note = (difference: JsonDifference): void => {
    found.push({ ...difference, answer: name });
  };
  if (ours.status !== status) {
    note({ at: 'status', kind: 'value', theirs: status, ours: `${ours.status} ${ours.text}` });
    return;
  }
  if (type !== null && ours.type !== type)
    note({ at: 'type', kind: 'value', theirs: type, ours: ours.type });
  const wrapped = /^cb\((.*)\);$/.exec(text)?.[1];
  if (wrapped !== undefined) note({ at: 'wrapped', kind: 'value', theirs: text, ours: ours.text });
  const theirs = wrapped ?? text;
  if (theirs.trim() === '' || ours.text === '') {
    if (theirs.trim() !== ours.text)
      note({ at: '', kind: 'value', theirs: theirs.trim(), ours: ours.text });
    return;
  }
  // Only an object is laid out by hand there.
  if (theirs.startsWith('{\n\t'))
    expect(withoutNumbers(ours.text), name).toBe(withoutNumbers(theirs));
  for (const each of jsonDifferences(JSON.parse(theirs), JSON.parse(ours.text), varies))
    if (!(mayBeZero(each.at) && each.kind === 'value')) note(each);
}

function withoutNumbers(text: string): string {
  return text.replace(/\d{5,}/g, 'N');
}

const answers = new Map(capturedAnswers().map((answer) => [answer.name, answer]));

/** Asks what was asked, and compares. */
async function again(name: string, path?: string): Promise<void> {
  const captured = answers.get(name);
  if (captured === undefined) throw new Error(`there is no ${name}`);
  const { node, method, sent } = captured;
  const ours = await nodes[node].ask(method, path ?? captured.path, sent);
  compare(captured, ours);
}

/** Those from one name to another, in order, one after the other. */
async function between(from: string, to: string): Promise<void> {
  for (const name of [...answers.keys()].filter((each) => each >= from && each <= `${to}~`))
    await again(name);
}

/** Has the machine of a member join groups on its device of a network, and waits until that is seen. */
async function joinGroups(
  node: CapturedNode,
  path: string,
  ...macs: readonly string[]
): Promise<void> {
  const { portDeviceName } = await node.json<{ portDeviceName: string }>('GET', path);
  const device = node.machine.device(portDeviceName);
  if (device === undefined) throw new Error(`${node.name} has no device`);
  device.groups = macs.map((mac): MulticastGroup => ({ mac: parseMac(mac)!, adi: 0 }));
  await node.until(path, ({ multicastSubscriptions }) => {
    const shown = JSON.stringify(multicastSubscriptions);
    return macs.every((mac) => shown.includes(mac));
  });
}

const groupsOfAll = ['01:00:5e:00:00:01', '33:33:00:00:00:01', '33:33:ff:00:00:01'];

const groupsOfB = [...groupsOfAll, '33:33:ff:57:dc:df', '33:33:ff:eb:18:84'];

/** The group of the neighbours of a link-local address that follows from an Ethernet address. */
function solicited(mac: string): string {
  return `33:33:ff:${mac.slice(9)}`;
}

function frame(to: Mac, from: Mac): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(60));
  writer.u48(to);
  writer.u48(from);
  writer.u16(0x0800);
  return writer.bytes;
}

const isStatus = (status: string) => (value: Readonly<Record<string, unknown>>) =>
  value['status'] === status;

describe('our API in the place of the captured one', () => {
  it('answers what was asked of nodes and of the controller', async () => {
    await between('001', '040');
    // The number of a network is drawn: made so, then made again with the captured one.
    const made = answers.get('041_R_POST_create-default')!;
    const drawn = await R.ask(made.method, made.path, made.sent);
    const drawnId = (JSON.parse(drawn.text) as { id: string }).id;
    compare(made, { ...drawn, text: drawn.text.replaceAll(drawnId, id) });
    await R.ask('DELETE', `/controller/network/${drawnId}`);
    await R.ask('POST', owned, '{}');
    await between('042', '046');

    // A asks in vain at first.
    A.isCut = true;
    await A.ask('POST', network, '{}');
    B.isCut = true;
    await again('048_B_POST_join');
    await again('049_A_GET_network-requesting');
    A.isCut = B.isCut = false;
    for (const node of [A, B]) {
      await node.ask('DELETE', network);
      await node.ask('POST', network, '{}');
      await node.until(network, isStatus('ACCESS_DENIED'));
    }
    await between('050', '057');
    await A.until(network, isStatus('OK'));
    await joinGroups(A, network, ...groupsOfAll, '33:33:ff:10:e0:47', '33:33:ff:ac:24:1c');
    await again('058_A_GET_network-ok');
    await between('059', '060');
    await B.until(network, isStatus('OK'));
    await joinGroups(B, network, ...groupsOfB);
    await between('061', '062');

    const [atA, atB] = [A, B].map((node) => node.machine.device('zt5sajqdau')!);
    await A.until('/peer/bfb8eb1884', ({ paths }) => {
      atA!.send(frame(atB!.mac, atA!.mac));
      atB!.send(frame(atA!.mac, atB!.mac));
      return Array.isArray(paths) && paths.length > 0;
    });
    await B.until('/peer/45ad10e047', ({ paths }) => Array.isArray(paths) && paths.length > 0);
    await between('063', '070');
    await between('082', '085');
    await A.until(network, ({ name }) => name === 'lab2');
    await between('086', '087');
    await B.until(network, ({ bridge }) => bridge === true);
    await between('088', '094');
    await again('095_R_POST_member-B-deauth');
    await between('096', '098');
    await B.restart();
    await joinGroups(B, network, ...groupsOfB);
    await B.until(network, isStatus('ACCESS_DENIED'));
    await again('099_B_GET_network-denied-after-deauth');
    await again('101_R_POST_member-B-reauth');
    await B.until(network, isStatus('OK'));
    await between('102', '109');
    compare(answers.get('110_A_noauth')!, await A.askWith({}, 'GET', '/status'));
    await between('111', '115');
    for (const each of ['283c5bc4bc000001', 'bfb8eb1884000001'])
      await A.until(`/network/${each}`, isStatus('NOT_FOUND'));
    await A.until('/network/ff00160016000000', isStatus('OK'));
    await between('116', '120');
    await A.ask('POST', '/moon/bfb8eb1884', '{"seed":"bfb8eb1884"}');
    await between('122', '132');
    await A.ask('DELETE', network);
    await between('134', '137');
  });

  it('answers the odd requests of the second run', async () => {
    // Made anew for that run: the settings, and the planet.
    A.resetLocalConf();
    await A.restart();
    const status = await A.json<Readonly<Record<string, unknown>>>('GET', '/status');
    /** What was drawn by chance or follows from other identities, in our terms. */
    const ourTerms: [string | RegExp, string][] = [
      [/37039b0f95:0:[0-9a-f]{128}/g, String(status['publicIdentity'])],
      [/1795364784344/g, String(status['planetWorldTimestamp'])],
      [/ec55b470bc/g, '283c5bc4bc'],
      [/37039b0f95/g, '45ad10e047'],
    ];
    const inOurTerms = (text: string): string =>
      ourTerms.reduce((so, [theirs, ours]) => so.replaceAll(theirs, ours), text);
    await R.json('POST', '/controller/network/283c5bc4bc649c4b', {
      name: 'lab',
      v4AssignMode: { zt: true },
      v6AssignMode: { rfc4193: true, '6plane': true, zt: false },
      routes: [{ target: '10.144.0.0/24' }],
      ipAssignmentPools: [{ ipRangeStart: '10.144.0.10', ipRangeEnd: '10.144.0.99' }],
    });
    let publicPath = '';
    for (const captured of capturedExtraAnswers()) {
      if (captured.name === 'extra/public-network') {
        await A.until(publicPath, isStatus('OK'));
        const { portDeviceName, mac } = await A.json<Record<'portDeviceName' | 'mac', string>>(
          'GET',
          publicPath,
        );
        ourTerms.push(['ztttu6rden', portDeviceName]);
        await joinGroups(A, publicPath, ...groupsOfAll.slice(0, 2), solicited(mac));
      }
      const path = inOurTerms(captured.path);
      const ours = await nodes[captured.node].ask(captured.method, path, captured.sent);
      const json = (ours.text === '' ? {} : JSON.parse(ours.text)) as Readonly<
        Record<string, string>
      >;
      if (captured.name === 'extra/create-new-style') {
        ourTerms.push(['283c5bc4bc5cfc31', json['id'] ?? '']);
        publicPath = `/network/${json['id'] ?? ''}`;
      }
      if (captured.name === 'extra/join-public') {
        const mac = json['mac'] ?? '';
        ourTerms.push(['32:cb:5f:27:7f:21', mac], ['33:33:ff:27:7f:21', solicited(mac)]);
      }
      compare(captured, ours, inOurTerms(captured.body));
    }
  });

  it('has been compared with every answer', () => {
    const names = [...capturedBodies(), ...capturedAnswers().map(({ name }) => name)];
    expect([...new Set(names)].filter((name) => !compared.has(name))).toEqual([]);
  });

  it('differs in nothing that is not listed', () => {
    const isListed = (difference: (typeof found)[number]): boolean =>
      listedDifferences.some(({ shows = [] }) =>
        shows.some(
          ({ answers: which, at, kind }) =>
            which.test(difference.answer) &&
            at.test(difference.at) &&
            (kind === undefined || kind === difference.kind),
        ),
      );
    expect(found.filter((difference) => !isListed(difference))).toEqual([]);
  });

  it('is described in docs/api.md, difference by difference, with a test that there is', () => {
    const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
    const [, table = ''] = /^## Differences$(.*?)^## /ms.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| ([^|]*[^|\s-][^|]*) \|.*\| (.*) \|$/gm)];
    expect(rows).toHaveLength(listedDifferences.length);
    for (const [i, { name, test }] of listedDifferences.entries()) {
      const [, title = '', shownBy = ''] = rows[i] ?? [];
      const file = test?.[0].split('/').at(-1);
      const how = test === undefined ? 'compared' : `\`${file}\`: ${test[1]}`;
      expect([title.trim(), shownBy.trim()]).toEqual([name, how]);
      if (test === undefined) continue;
      const source = readFileSync(new URL(`../../${test[0]}`, import.meta.url), 'utf8');
      expect(source, test[0]).toContain(`it('${test[1]}'`);
    }
  });

  it('differs in everything that is listed', () => {
    const unused = listedDifferences.flatMap(({ name, shows = [] }) =>
      shows
        .filter(
          ({ answers: which, at, kind }) =>
            !found.some(
              (difference) =>
                which.test(difference.answer) &&
                at.test(difference.at) &&
                (kind === undefined || kind === difference.kind),
            ),
        )
        .map(({ at }) => `${name}: ${String(at)}`),
    );
    expect(unused).toEqual([]);
  });
});
