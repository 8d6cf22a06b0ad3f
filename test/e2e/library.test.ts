/** The measurement server as a library, from the built package. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import { opensslAuthority } from './openssl.ts';
import { pythonClient } from './peers.ts';
import { stage } from './program.ts';

const here = stage('library');
const authority = opensslAuthority(here.path('pki'), 'ec');

it('serves with a responder of one’s own, and ends', async () => {
  const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
  const program = here.path('server.mjs');
  writeFileSync(
    program,
    `import { readFileSync } from 'node:fs';
     import { createServer, errorCode } from ${JSON.stringify(entry)};
     const read = (file) => readFileSync(file, 'utf8');
     const [ca, cert, key] = process.argv.slice(2).map(read);
     const tls = { ca, cert, key };
     const server = await createServer({
       tls, host: '127.0.0.1',
       respond: (request, { clientName }) => \`\${clientName} sent \${request.length} bytes\`,
       onEvent: async ({ kind, reason }) => {
         if (kind === 'closed') console.log(kind, reason, JSON.stringify(await server.close()));
       },
     });
     const again = createServer({ tls, host: '127.0.0.1', port: server.port });
     console.log('port', server.port, await again.catch(errorCode));`,
  );
  const { ca, server, client } = authority;
  const running = here.start([process.execPath, program, ca, server.cert, server.key]);
  const [, port, code] = (await running.line(/^port /)).split(' ');
  expect(code).toBe('PORT_IN_USE');
  const python = pythonClient(here, Number(port), { ca, client });
  const expected = 'stock client sent 5 bytes';
  python.send('12345');
  expect(await python.read(expected.length)).toBe(expected);
  await python.close();
  const { code: exit, stdout, stderr } = await running.ended;
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('closed client {"connections":1,"requests":1,"refused":0}');
});
