/** /controller: the networks that this node owns. Source: management.md 2; what may be set is a part of it. */
import { parseAddress, parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { memberChangeSchema, networkChangeSchema } from '../schema/controller.ts';
import type { ControllerService, NodeService } from '../service.ts';
import { notFound, ok, type ApiAnswer, type ApiRequest } from './route.ts';

/** Everything below /controller. */
export const controllerRoute = async (
  request: ApiRequest,
  service: NodeService,
): Promise<ApiAnswer | null> => {
  const [noun, second, word, third, member, ...rest] = request.path;
  const { controller } = service;
  if (noun !== 'controller' || rest.length > 0) return null;
  if (controller === null) return notFound;
  if (second === undefined) return request.method === 'GET' ? ok(about(service)) : null;
  if (second !== 'network') return null;
  if (word === undefined) return await all(request, controller);
  // `<own address>______` asks for any free number.
  if (word.endsWith('______') && third === undefined)
    return await create(request, service, controller);
  const id = parseNetworkId(word);
  if (id === null) return null;
  if (third === undefined) return await network(request, controller, id);
  return third === 'member' ? await members(request, controller, id, member) : null;
};

function about(service: NodeService): unknown {
  return { apiVersion: 4, clock: service.status().clock, controller: true, databaseReady: true };
}

async function all(request: ApiRequest, controller: ControllerService): Promise<ApiAnswer | null> {
  if (request.method === 'GET')
    return ok(controller.networks().map((id) => id.toString(16).padStart(16, '0')));
  return request.method === 'POST' ? await createFrom(request, controller) : null;
}

async function create(
  request: ApiRequest,
  service: NodeService,
  controller: ControllerService,
): Promise<ApiAnswer | null> {
  if (request.method !== 'POST') return null;
  const isOurs = request.path[2]?.slice(0, -6).toLowerCase() === service.status().address;
  return isOurs ? await createFrom(request, controller) : { status: 400 };
}

async function createFrom(request: ApiRequest, controller: ControllerService): Promise<ApiAnswer> {
  const change = networkChangeSchema.safeParse(request.body);
  if (!change.success) return wrong(change.error);
  const created = await controller.createNetwork(change.data);
  return created === null ? { status: 503, body: {} } : ok(created);
}

async function network(
  request: ApiRequest,
  controller: ControllerService,
  id: NetworkId,
): Promise<ApiAnswer | null> {
  switch (request.method) {
    case 'GET':
      return found(controller.network(id));
    case 'POST': {
      const change = networkChangeSchema.safeParse(request.body);
      return change.success
        ? found(await controller.changeNetwork(id, change.data))
        : wrong(change.error);
    }
    case 'DELETE':
      return found(await controller.deleteNetwork(id));
  }
}

async function members(
  request: ApiRequest,
  controller: ControllerService,
  id: NetworkId,
  word: string | undefined,
): Promise<ApiAnswer | null> {
  if (word === undefined) {
    const list = request.method === 'GET' ? controller.members(id) : null;
    if (list === null) return notFound;
    return ok(Object.fromEntries(list.map((member) => [member.id, member.revision])));
  }
  const address = parseAddress(word);
  if (address === null) return null;
  if (request.method === 'GET') return found(controller.member(id, address));
  if (request.method !== 'POST') return null;
  const change = memberChangeSchema.safeParse(request.body);
  return change.success
    ? found(await controller.changeMember(id, address, change.data))
    : wrong(change.error);
}

function found(value: unknown): ApiAnswer {
  return value === null ? notFound : ok(value);
}

function wrong(error: { readonly message: string }): ApiAnswer {
  return { status: 400, body: { error: 400, description: error.message } };
}
