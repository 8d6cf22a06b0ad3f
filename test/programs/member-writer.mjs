// Authorises members through the API of a daemon, many at a time, for ever, and prints each that was acknowledged: `ok ADDRESS`.
// Whenever the daemon comes back it compares: `kept COUNT`, or `lost ADDRESS` for each that is not there or not authorised.
//
//   node member-writer.mjs ORIGIN TOKEN-FILE NETWORK SEED
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [origin, tokenFile, network, seed] = process.argv.slice(2);
const headers = { 'X-ZT1-Auth': readFileSync(tokenFile, 'latin1').trim() };
const members = `${origin}/controller/network/${network}/member`;
const acknowledged = new Set();
let number = Number(seed) * 1e6;
let isAway = false;
/** One for all writers, after each time it was away. */
let comparing = null;

const ask = async (url, body) => {
  const response = await fetch(url, {
    headers,
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
};

const compare = async () => {
  const expected = [...acknowledged];
  const there = await ask(members);
  const lost = expected.filter((address) => !(address in there));
  for (const address of lost) console.log(`lost ${address}`);
  // One record as a whole, a different one each time.
  const sample = expected[Math.floor(Math.random() * expected.length)];
  if (sample && !(await ask(`${members}/${sample}`)).authorized) console.log(`lost ${sample}`);
  if (lost.length === 0) console.log(`kept ${expected.length}`);
};

const write = async () => {
  for (;;) {
    const address = (++number).toString(16).padStart(10, '0');
    try {
      if (isAway) comparing ??= compare();
      await comparing;
      isAway = false;
      await ask(`${members}/${address}`, { authorized: true, ipAssignments: ['10.147.17.9'] });
      acknowledged.add(address);
      console.log(`ok ${address}`);
    } catch {
      isAway = true;
      comparing = null;
      await delay(20);
    }
  }
};
await Promise.all(Array.from({ length: 8 }, write));
