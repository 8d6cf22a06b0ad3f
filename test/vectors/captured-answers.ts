/** What the API of the captured nodes was asked and answered: `captures/api`, `captures/api-extra`, JSON of `captures/cli`. */
import { readdirSync, readFileSync } from 'node:fs';

/** A request and its answer. */
export interface CapturedAnswer {
  /** `041_R_POST_create-default`; `extra/v6-partial`. */
  readonly name: string;
  readonly node: 'A' | 'B' | 'R';
  readonly method: string;
  readonly path: string;
  /** As it was sent; empty: none. */
  readonly sent: string;
  readonly status: number;
  /** Of the content; empty: none was named. Null: it was not kept. */
  readonly type: string | null;
  readonly body: string;
}

const folder = new URL('captures/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Those of the run that was captured, in order; what the command line was told in between is among them. */
export function capturedAnswers(): readonly CapturedAnswer[] {
  const rows = read('api/index.tsv').trimEnd().split('\n');
  const answers = rows.map((row) => {
    const [name = '', , node, method = '', path = '', sent = '', status, type = ''] =
      row.split('\t');
    const body = read(`api/${name}.json`);
    const answer = { name, node, method, path, sent, status: Number(status), type, body };
    return answer as CapturedAnswer;
  });
  // Two requests of which only the answers were kept.
  const others: CapturedAnswer[] = [
    {
      ...{ name: '110_A_noauth', node: 'A', method: 'GET', path: '/status', sent: '', status: 401 },
      ...{ type: null, body: read('api/110_A_noauth.json') },
    },
    {
      ...{ name: '111_A_health_jsonp', node: 'A', method: 'GET', path: '/health?jsonp=cb' },
      ...{ sent: '', status: 200, type: 'application/javascript' },
      body: read('api/111_A_health_jsonp.js'),
    },
    ...commandLineAnswers,
  ];
  return [...answers, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** JSON that the command line passed on from the API. */
const commandLineAnswers: readonly CapturedAnswer[] = (
  [
    ['023_A_info-j', 'GET', '/status', ''],
    ['027_A_listpeers-j', 'GET', '/peer', ''],
    ['031_A_listnetworks-j', 'GET', '/network', ''],
    ['033_A_listmoons-j', 'GET', '/moon', ''],
    ['040_A_rawpath', 'GET', '/status', ''],
    ['053_A_join-j', 'POST', '/network/283c5bc4bcc3c8a8', '{}'],
    ['070_A_listnetworks-ok-j', 'GET', '/network', ''],
    ['082_A_set-allowDNS', 'POST', '/network/283c5bc4bcc3c8a8', '{"allowDNS":true}'],
    ['084_A_set-notglobal', 'POST', '/network/283c5bc4bcc3c8a8', '{"allowGlobal":false}'],
    ['130_A_set-allowManaged0', 'POST', '/network/283c5bc4bcc3c8a8', '{"allowManaged":false}'],
    ['131_A_set-allowManaged1', 'POST', '/network/283c5bc4bcc3c8a8', '{"allowManaged":true}'],
  ] as const
).map(([name, method, path, sent]) => ({
  ...{ name, node: 'A' as const, method, path, sent, status: 200, type: null },
  body: read(`cli/${name}.out`),
}));

/** Those of the second run, in order: odd requests to another network. */
export function capturedExtraAnswers(): readonly CapturedAnswer[] {
  const rows = read('api-extra/index.tsv').trimEnd().split('\n');
  return rows.map((row) => {
    const [name = '', request = '', sent = '', status] = row.split('\t');
    const [node, method = '', path = ''] = request.split(' ');
    const body = read(`api-extra/${name}.json`);
    const answer = { node, method, path, sent, status: Number(status), type: null, body };
    return { name: `extra/${name}`, ...answer } as CapturedAnswer;
  });
}

/** Every file with the body of an answer, as the names of answers say it. */
export function capturedBodies(): readonly string[] {
  const bodies = (name: string): string[] =>
    readdirSync(new URL(name, folder))
      .filter((file) => /\.js(on)?$/.test(file))
      .map((file) => file.replace(/\.js(on)?$/, ''));
  return [...bodies('api'), ...bodies('api-extra').map((name) => `extra/${name}`)];
}
