/** Files of the page over HTTP. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { PageFiles } from './files.ts';
import { pagePolicy } from './policy.ts';

/** A page by its name, with a policy of its own. */
export function sendPage(response: ServerResponse, files: PageFiles, name: string): void {
  const nonce = randomBytes(16).toString('base64');
  const page = files.page(name) ?? '';
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...pagePolicy(nonce) });
  response.end(page.replaceAll('{{nonce}}', nonce));
}

/** What is below `/assets`; 404 for what is not there. */
export function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  files: PageFiles,
  name: string,
): void {
  const file = files.asset(name);
  if (file === null) {
    response.writeHead(404).end();
    return;
  }
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const gzip = takesGzip ? file.gzip : null;
  response.writeHead(200, {
    'Content-Type': file.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
    ...(gzip === null ? {} : { 'Content-Encoding': 'gzip' }),
  });
  response.end(gzip ?? file.bytes);
}
