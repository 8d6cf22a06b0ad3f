/** The table of commands: one line each; the file is loaded when the command is asked for. */
import type { Command } from 'commander';

import type { Act } from '../context.ts';

/** What a command's file exports. */
export interface CommandModule {
  /** Adds arguments, options and the action to a command that already has its name and the global options. */
  define(command: Command, act: Act): void;
}

export interface CommandEntry {
  /** `['cert', 'init']` for `overspan cert init`. */
  readonly path: readonly string[];
  readonly summary: string;
  /** The summary of the group, on the first entry of each group. */
  readonly group?: string;
  /** Neither in the help nor in docs/cli.md. */
  readonly isHidden?: true;
  readonly load: () => Promise<CommandModule>;
}

const shown: readonly CommandEntry[] = [
  {
    path: ['up'],
    summary: 'Run a node on this machine, until it is stopped',
    load: () => import('./up.ts'),
  },
  {
    path: ['controller'],
    summary: 'Run a controller alone: it owns networks, and joins none',
    load: () => import('./controller.ts'),
  },
  {
    path: ['ui'],
    summary: 'Serve the web UI of the services that this user has',
    load: () => import('./ui.ts'),
  },
  {
    path: ['join'],
    summary: 'Join a network',
    load: () => import('./join.ts'),
  },
  {
    path: ['leave'],
    summary: 'Leave a network',
    load: () => import('./leave.ts'),
  },
  {
    path: ['info'],
    summary: 'Say who this node is and whether it is online',
    load: () => import('./info.ts'),
  },
  {
    path: ['peer', 'list'],
    group: 'Other nodes',
    summary: 'List the nodes that this one knows',
    load: () => import('./peer/list.ts'),
  },
  {
    path: ['network', 'list'],
    group: 'Networks, joined and owned',
    summary: 'List the networks joined and, where a controller runs, those it owns',
    load: () => import('./network/list.ts'),
  },
  {
    path: ['network', 'create'],
    summary: 'Make a network',
    load: () => import('./network/create.ts'),
  },
  {
    path: ['network', 'show'],
    summary: 'Show what a network is set to',
    load: () => import('./network/show.ts'),
  },
  {
    path: ['network', 'set'],
    summary: 'Change settings of a network',
    load: () => import('./network/set.ts'),
  },
  {
    path: ['network', 'delete'],
    summary: 'End a network',
    load: () => import('./network/delete.ts'),
  },
  {
    path: ['network', 'export'],
    summary: 'Write a network, with its rules and members, as a file',
    load: () => import('./network/export.ts'),
  },
  {
    path: ['network', 'import-file'],
    summary: 'Make a network of such a file, on any kind of service',
    load: () => import('./network/import-file.ts'),
  },
  {
    path: ['network', 'import'],
    summary: 'Take the networks of an official controller over',
    load: () => import('./network/import.ts'),
  },
  {
    path: ['member', 'list'],
    group: 'Members of the networks that are owned',
    summary: 'List who has asked to join, who may, and what is known of each',
    load: () => import('./member/list.ts'),
  },
  {
    path: ['member', 'authorize'],
    summary: 'Let a node into a network',
    load: () => import('./member/authorize.ts'),
  },
  {
    path: ['member', 'deauthorize'],
    summary: 'Put a node out of a network',
    load: () => import('./member/deauthorize.ts'),
  },
  {
    path: ['member', 'ban'],
    summary: 'Put a node out of a network for good',
    load: () => import('./member/ban.ts'),
  },
  {
    path: ['member', 'unban'],
    summary: 'Lift the ban of a node',
    load: () => import('./member/unban.ts'),
  },
  {
    path: ['member', 'show'],
    summary: 'Say what is known of a member, from whom and since when',
    load: () => import('./member/show.ts'),
  },
  {
    path: ['member', 'rename'],
    summary: 'Give a member a name',
    load: () => import('./member/rename.ts'),
  },
  {
    path: ['member', 'assign'],
    summary: 'Give a member addresses',
    load: () => import('./member/assign.ts'),
  },
  {
    path: ['member', 'delete'],
    summary: 'Shut members out and forget them',
    load: () => import('./member/delete.ts'),
  },
  {
    path: ['context', 'add'],
    group: 'Services that commands are about, by name',
    summary: 'Name a service: an Overspan daemon, the official one, or ZeroTier Central',
    load: () => import('./context/add.ts'),
  },
  {
    path: ['context', 'list'],
    summary: 'List contexts',
    load: () => import('./context/list.ts'),
  },
  {
    path: ['context', 'use'],
    summary: 'Make commands be about a service from now on',
    load: () => import('./context/use.ts'),
  },
  {
    path: ['context', 'remove'],
    summary: 'Forget the name of a service',
    load: () => import('./context/remove.ts'),
  },
  {
    path: ['invite', 'create'],
    group: 'Invitations to a network',
    summary: 'Make a word that lets nodes in',
    load: () => import('./invite/create.ts'),
  },
  {
    path: ['invite', 'list'],
    summary: 'List invitations',
    load: () => import('./invite/list.ts'),
  },
  {
    path: ['invite', 'revoke'],
    summary: 'End invitations; who came by them stays',
    load: () => import('./invite/revoke.ts'),
  },
  {
    path: ['api-token', 'create'],
    group: 'Tokens for programs',
    summary: 'Make a token with scopes and an end',
    load: () => import('./api-token/create.ts'),
  },
  {
    path: ['api-token', 'list'],
    summary: 'List tokens, without the tokens',
    load: () => import('./api-token/list.ts'),
  },
  {
    path: ['api-token', 'revoke'],
    summary: 'End tokens',
    load: () => import('./api-token/revoke.ts'),
  },
  {
    path: ['why'],
    summary: 'Say why a member does not work, and what to do next',
    load: () => import('./why.ts'),
  },
  {
    path: ['audit'],
    summary: 'Say who changed what',
    load: () => import('./audit.ts'),
  },
  {
    path: ['rule', 'compile'],
    group: 'Rules of a network, as a person writes them',
    summary: 'Compile rules for a controller',
    load: () => import('./rule/compile.ts'),
  },
  {
    path: ['rule', 'test'],
    summary: 'Run the tests that stand in a file with its rules',
    load: () => import('./rule/test.ts'),
  },
  {
    path: ['rule', 'explain'],
    summary: 'Say which rule decides on a packet, and why',
    load: () => import('./rule/explain.ts'),
  },
  {
    path: ['rule', 'apply'],
    summary: 'Give a network the rules of a file; refused where one of their tests fails',
    load: () => import('./rule/apply.ts'),
  },
  {
    path: ['rule', 'show'],
    summary: 'Show the rules of a network as a source',
    load: () => import('./rule/show.ts'),
  },
  {
    path: ['rule', 'decompile'],
    summary: 'Write the rules of a controller as a person does',
    load: () => import('./rule/decompile.ts'),
  },
  {
    path: ['root', 'init'],
    group: 'Roots of one’s own',
    summary: 'Make a planet for one or more root hosts',
    load: () => import('./root/init.ts'),
  },
  {
    path: ['root', 'show'],
    summary: 'Show what a planet says',
    load: () => import('./root/show.ts'),
  },
  {
    path: ['service', 'install'],
    group: 'The node as a service of this machine',
    summary: 'Have systemd run the node, now and after every start',
    load: () => import('./service/install.ts'),
  },
  {
    path: ['service', 'uninstall'],
    summary: 'Stop the service and remove its files; keys and state stay',
    load: () => import('./service/uninstall.ts'),
  },
  {
    path: ['backup'],
    summary: 'Write what this node is and owns into one encrypted file',
    load: () => import('./backup.ts'),
  },
  {
    path: ['restore'],
    summary: 'Make a node again out of a backup',
    load: () => import('./restore.ts'),
  },
  {
    path: ['serve'],
    summary: 'Run the TLS measurement server',
    load: () => import('./serve.ts'),
  },
  {
    path: ['probe', 'tls-rr'],
    group: 'Measure one path',
    summary: 'Measure TLS request/response latency to a server',
    load: () => import('./probe/tls-rr.ts'),
  },
  {
    path: ['compare'],
    summary: 'Compare two or more paths to the same server',
    load: () => import('./compare.ts'),
  },
  {
    path: ['characterize'],
    summary: 'Compare overlays in a lab of this machine',
    load: () => import('./characterize.ts'),
  },
  {
    path: ['report'],
    summary: 'Make a report from the records of runs',
    load: () => import('./report.ts'),
  },
  {
    path: ['cert', 'init'],
    group: 'Certificates for the measurement server and its clients',
    summary: 'Make a certificate authority',
    load: () => import('./cert/init.ts'),
  },
  {
    path: ['cert', 'issue'],
    summary: 'Issue a server or client certificate',
    load: () => import('./cert/issue.ts'),
  },
  {
    path: ['cert', 'show'],
    summary: 'Show certificates and when they expire',
    load: () => import('./cert/show.ts'),
  },
  {
    path: ['lab', 'up'],
    group: 'Hosts in network namespaces of this machine',
    summary: 'Make a lab of two hosts and bring overlays up on it',
    load: () => import('./lab/up.ts'),
  },
  {
    path: ['lab', 'down'],
    summary: 'Take a lab down',
    load: () => import('./lab/down.ts'),
  },
  {
    path: ['lab', 'list'],
    summary: 'List the labs of this machine',
    load: () => import('./lab/list.ts'),
  },
  {
    path: ['lab', 'exec'],
    summary: 'Run a command on a host of a lab',
    load: () => import('./lab/exec.ts'),
  },
  {
    path: ['wire', 'decode'],
    group: 'The protocol on the wire',
    summary: 'Decrypt and explain the packets of a capture',
    load: () => import('./wire/decode.ts'),
  },
  {
    path: ['wire', 'identity', 'new'],
    group: 'Identities: addresses and their keys',
    summary: 'Make an identity',
    load: () => import('./wire/identity/new.ts'),
  },
  {
    path: ['wire', 'identity', 'show'],
    summary: 'Show what an identity says',
    load: () => import('./wire/identity/show.ts'),
  },
  {
    path: ['wire', 'identity', 'verify'],
    summary: 'Check that the address of an identity follows from its keys',
    load: () => import('./wire/identity/verify.ts'),
  },
  {
    path: ['doctor'],
    summary: 'Say what this machine lacks, and how to mend it',
    load: () => import('./doctor.ts'),
  },
  {
    path: ['completion'],
    summary: 'Print the script with which a shell completes these words',
    load: () => import('./completion.ts'),
  },
  {
    path: ['complete'],
    summary: 'Say what may stand where a word is being typed',
    isHidden: true,
    load: () => import('./complete.ts'),
  },
];

/** Words of the official tools for commands of ours, for fingers that know them; `info`, `join` and `leave` are the same. */
const aliases: Readonly<Record<string, string>> = {
  status: 'info',
  listpeers: 'peer list',
  peers: 'peer list',
  listnetworks: 'network list',
};

export const commands: readonly CommandEntry[] = [
  ...shown,
  ...Object.entries(aliases).flatMap(([word, path]) =>
    shown
      .filter((entry) => entry.path.join(' ') === path)
      .map(({ summary, load }): CommandEntry => ({ path: [word], summary, isHidden: true, load })),
  ),
];
