/** Probes: what measures one path. */
export type { VisitProgress } from './probe.ts';
export { resolveClientTls, type CredentialFlags } from './credentials.ts';
export { parseReplyRule, replyBytesMax, type ReplyRule } from '../rr/reply.ts';
export type { Exchange } from './rr-prober.ts';
export { parseHostPort, type ClientTls } from './target.ts';
