/** The thread of the database: questions one after the other. What waits for the disk holds up no packet. */
import { parentPort } from 'node:worker_threads';

import { assert, errorCode, errorMessage } from '../../base/errors.ts';
import { Database } from './database.ts';
import { storeErrors, type StoreErrorCode } from './errors.ts';
import type { StoreAnswer, StoreQuestion } from './thread-messages.ts';

const port = parentPort;
assert(port !== null, 'this file is the entry of a thread');

let database: Database | null = null;
let last: Promise<void> = Promise.resolve();

port.on('message', (question: StoreQuestion) => {
  last = last.then(async () => {
    port.postMessage(await answer(question));
    if (question.kind === 'close') port.close();
  });
});

async function answer(question: StoreQuestion): Promise<StoreAnswer> {
  const { number } = question;
  try {
    switch (question.kind) {
      case 'open':
        database = await Database.open(question.url, question.owner);
        return { number, kind: 'opened', rows: await database.load() };
      case 'find':
        return { number, kind: 'found', found: await Database.find(question.url) };
      case 'write':
        assert(database !== null, 'a database is opened first');
        await database.write(question.changes);
        return { number, kind: 'done' };
      case 'audit':
        assert(database !== null, 'a database is opened first');
        return { number, kind: 'audit', lines: await database.audit(question.query) };
      case 'close':
        await database?.close();
        return { number, kind: 'done' };
    }
  } catch (error) {
    const code = errorCode(error) ?? '';
    const known = Object.hasOwn(storeErrors, code) ? (code as StoreErrorCode) : 'STORE_UNAVAILABLE';
    return { number, kind: 'failed', code: known, message: errorMessage(error) };
  }
}
