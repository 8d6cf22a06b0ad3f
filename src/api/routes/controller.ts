/**
 * /controller: the networks that this node owns, and /unstable/controller, the same with what is counted of them.
 *
 * Source: management.md 2; where this one answers otherwise: docs/api.md.
 */
import {
  parseAddress,
  parseNetworkId,
  formatU64,
  type Address,
  type NetworkId,
} from '../../base/ids.ts';
import { readMemberChange } from '../body/member-change.ts';
import { readNetworkChange } from '../body/network-change.ts';
import type { MemberJson } from '../schema/controller.ts';
import type { ControllerService, NodeService } from '../service.ts';
import {
  digits,
  found,
  malformed,
  notFound,
  ok,
  type ApiAnswer,
  type ApiRequest,
  type Route,
} from './route.ts';

/** Everything below /controller. */
export const controllerRoute: Route = (request, service) => {
  const [noun, second, word, third, member, ...rest] = request.path;
  const { controller } = service;
  if (noun !== 'controller' || rest.length > 0) return null;
  if (controller === null) return notFound;
  if (second === undefined) return request.method === 'GET' ? about(service) : null;
  if (second !== 'network') return null;
  if (word === undefined) return all(request, controller);
  // `<own address>______` asks for any free number.
  if (word.endsWith('______') && third === undefined) return create(request, service, controller);
  const id = networkIdOf(word);
  if (id === null) return null;
  if (third === undefined) return network(request, controller, id);
  return third === 'member' ? members(request, controller, id, member) : null;
};

/** Everything below /unstable. */
export const unstableRoute: Route = ({ method, path }, { controller }) => {
  const [unstable, noun, second, word, third, ...rest] = path;
  if (unstable !== 'unstable' || noun !== 'controller' || second !== 'network') return null;
  if (controller === null || method !== 'GET' || rest.length > 0) return null;
  if (word === undefined) {
    const data = controller.networks().flatMap((id) => {
      const { authorizedCount, totalCount } = counted(controller.members(id) ?? []);
      const meta = { authorizedMemberCount: authorizedCount, totalMemberCount: totalCount };
      const each = controller.network(id);
      return each === null ? [] : [{ ...each, meta }];
    });
    return ok({ data, meta: { networkCount: data.length } });
  }
  const id = networkIdOf(word);
  const data = id === null || third !== 'member' ? null : controller.members(id);
  return data === null ? null : ok({ data, meta: counted(data) });
};

/** Laid out by hand, as it is there. */
function about(service: NodeService): ApiAnswer {
  const { clock } = service.status();
  const lines = ['"controller": true', '"apiVersion": 4', `"clock": ${clock}`];
  const content = `{\n\t${[...lines, '"databaseReady": true'].join(',\n\t')}\n}\n`;
  return { status: 200, text: { type: 'application/json', content } };
}

function all(
  request: ApiRequest,
  controller: ControllerService,
): ApiAnswer | null | Promise<ApiAnswer> {
  if (request.method === 'GET') return ok(controller.networks().map(formatU64));
  return request.method === 'POST' ? createFrom(request, controller) : null;
}

function create(
  request: ApiRequest,
  service: NodeService,
  controller: ControllerService,
): ApiAnswer | null | Promise<ApiAnswer> {
  if (request.method !== 'POST') return null;
  const isOurs = request.path[2]?.slice(0, -6).toLowerCase() === service.status().address;
  return isOurs ? createFrom(request, controller) : { status: 400 };
}

function createFrom(request: ApiRequest, controller: ControllerService): Promise<ApiAnswer> {
  return changed(request, (body) => controller.createNetwork(readNetworkChange(body)));
}

function network(
  request: ApiRequest,
  controller: ControllerService,
  id: NetworkId,
): ApiAnswer | Promise<ApiAnswer> {
  switch (request.method) {
    case 'GET':
      return found(controller.network(id));
    case 'POST':
      return changed(request, (body) => controller.changeNetwork(id, readNetworkChange(body)));
    case 'DELETE':
      return controller.deleteNetwork(id).then(found);
  }
}

function members(
  request: ApiRequest,
  controller: ControllerService,
  id: NetworkId,
  word: string | undefined,
): ApiAnswer | null | Promise<ApiAnswer> {
  if (word === undefined) {
    const list = request.method === 'GET' ? controller.members(id) : null;
    if (list === null) return notFound;
    return ok(Object.fromEntries(list.map((member) => [member.id, member.revision])));
  }
  const address = addressOf(word);
  if (address === null) return null;
  switch (request.method) {
    case 'GET':
      return found(controller.member(id, address));
    case 'POST':
      return changed(request, (body) =>
        controller.changeMember(id, address, readMemberChange(body)),
      );
    case 'DELETE':
      return controller.deleteMember(id, address).then(found);
  }
}

/** Here a body must be there: a command whose body was lost on the way does nothing. */
async function changed(
  { body }: ApiRequest,
  act: (value: unknown) => Promise<unknown>,
): Promise<ApiAnswer> {
  if (body.kind === 'empty') return malformed('there is no body: send {} at least');
  return body.kind === 'malformed' ? malformed(body.problem) : found(await act(body.value));
}

function counted(list: readonly MemberJson[]): { authorizedCount: number; totalCount: number } {
  return {
    authorizedCount: list.filter(({ authorized }) => authorized).length,
    totalCount: list.length,
  };
}

function networkIdOf(word: string): NetworkId | null {
  const text = digits(word, 16);
  return text === null ? null : parseNetworkId(text);
}

function addressOf(word: string): Address | null {
  const text = digits(word, 10);
  return text === null ? null : parseAddress(text);
}
