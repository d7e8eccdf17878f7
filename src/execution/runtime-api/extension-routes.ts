// The Extensions API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Extension, ExtensionRefusal, type Extensions } from '../environment/extensions.ts';
import type { FunctionTarget } from '../function-target.ts';
import { accepted, answer, refuse } from './answer.ts';
import type { Routes } from './api-server.ts';
import { readPayload } from './read-payload.ts';

const version = '/2020-01-01/extension';
const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

export interface ExtensionApiParts {
  target: FunctionTarget;
  /** Those of the environment; made at the first request. */
  extensions(): Extensions;
  uuid(): string;
}

export function extensionRoutes(parts: ExtensionApiParts): Routes {
  const { target } = parts;
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined> = {
    'POST /register': register,
    'GET /event/next': next,
    'POST /init/error': (request, response) =>
      failure(request, response, (id, errorType) => parts.extensions().initError(id, errorType)),
    'POST /exit/error': (request, response) =>
      failure(request, response, (id, errorType) => parts.extensions().exitError(id, errorType)),
  };

  async function register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readPayload(request);
    const name = headerOf(request, 'lambda-extension-name') ?? '';
    if (name === '') return refuse(response, 403, 'Extension.InvalidExtensionName', 'Empty extension name');
    const events = eventsOf(body);
    if (typeof events === 'string') return refuse(response, 403, 'InvalidRequestFormat', events);
    let id: string;
    try {
      id = parts.extensions().register(name, events);
    } catch (error) {
      return refused(response, error);
    }
    const features = (headerOf(request, 'lambda-extension-accept-feature') ?? '').split(',').map((each) => each.trim());
    const { functionName, version: functionVersion, handler, account } = target;
    const accountId = features.includes('accountId') ? { accountId: account } : {};
    answer(
      response,
      200,
      { functionName, functionVersion, handler, ...accountId },
      { 'Lambda-Extension-Identifier': id },
    );
  }

  function next(request: IncomingMessage, response: ServerResponse): undefined {
    request.resume();
    const id = identify(request, response);
    if (id === undefined) return;
    try {
      const leave = parts
        .extensions()
        .next(id, (event) => answer(response, 200, event, { 'Lambda-Extension-Event-Identifier': parts.uuid() }));
      response.once('close', leave);
    } catch (error) {
      refused(response, error);
    }
  }

  async function failure(
    request: IncomingMessage,
    response: ServerResponse,
    report: (id: string, errorType: string) => void,
  ): Promise<void> {
    await readPayload(request);
    const id = identify(request, response);
    if (id === undefined) return;
    const errorType = headerOf(request, 'lambda-extension-function-error-type');
    if (errorType === undefined || errorType === '') {
      const text = 'Lambda-Extension-Function-Error-Type not found';
      return refuse(response, 403, 'Extension.MissingHeader', text);
    }
    try {
      report(id, errorType);
      answer(response, 202, accepted);
    } catch (error) {
      refused(response, error);
    }
  }

  return (request, response, path) => {
    if (!path.startsWith(`${version}/`)) return undefined;
    const route = routes[`${request.method} ${path.slice(version.length)}`];
    return route === undefined ? undefined : (route(request, response) ?? true);
  };
}

/** The extension's id by the request's header; undefined when it has been refused. */
export function identify(request: IncomingMessage, response: ServerResponse): string | undefined {
  const id = headerOf(request, 'lambda-extension-identifier');
  if (id === undefined || id === '') {
    refuse(response, 403, 'Extension.MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header');
  } else if (!uuid.test(id)) {
    refuse(response, 403, 'Extension.InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier');
  } else return id.toLowerCase();
  return undefined;
}

/** The extension that makes the request; undefined when that has been refused. */
export function callerOf(
  extensions: Extensions,
  request: IncomingMessage,
  response: ServerResponse,
): Extension | undefined {
  const id = identify(request, response);
  if (id === undefined) return undefined;
  try {
    return extensions.find(id);
  } catch (error) {
    refused(response, error);
    return undefined;
  }
}

function refused(response: ServerResponse, error: unknown): void {
  if (!(error instanceof ExtensionRefusal)) throw error;
  refuse(response, 403, `Extension.${error.errorType}`, error.message);
}

/** The names of events that a registration asks for, or what is wrong with it. */
function eventsOf(body: Buffer | undefined): string[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body?.toString() ?? '');
  } catch (error) {
    return (error as Error).message;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return 'the body is not a JSON object';
  const { events = [], configurationKeys } = parsed as { events?: unknown; configurationKeys?: unknown };
  if (Array.isArray(configurationKeys) && configurationKeys.length > 0) {
    return 'configurationKeys are deprecated; use environment variables instead';
  }
  const names = events ?? [];
  const isList = Array.isArray(names) && names.every((event) => typeof event === 'string');
  return isList ? names : 'events is not a list of strings';
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
