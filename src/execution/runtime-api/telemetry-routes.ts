// Subscriptions to telemetry, by the Telemetry API and by the older Logs API.
// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api-reference.html
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Extension, Extensions } from '../environment/extensions.ts';
import { parseSubscribe, type SubscribeRequest, type TelemetryApi } from '../telemetry/subscribe-request.ts';
import { answer, refuse } from './answer.ts';
import type { Routes } from './api-server.ts';
import { callerOf } from './extension-routes.ts';
import { readPayload } from './read-payload.ts';

export interface TelemetryApiParts {
  extensions(): Extensions;
  isOpen(): boolean;
  subscribedBy(extension: Extension): TelemetryApi | undefined;
  subscribe(extension: Extension, request: SubscribeRequest): void;
}

const apis: Record<string, { api: TelemetryApi; name: string; errorPrefix: string }> = {
  '/2022-07-01/telemetry': { api: 'telemetry', name: 'Telemetry API', errorPrefix: '' },
  '/2020-08-15/logs': { api: 'logs', name: 'Logs API', errorPrefix: 'Logs.' },
};

export function telemetryRoutes(parts: TelemetryApiParts): Routes {
  async function subscribe(
    request: IncomingMessage,
    response: ServerResponse,
    { api, name, errorPrefix }: (typeof apis)[string],
  ): Promise<void> {
    const body = await readPayload(request);
    const extension = callerOf(parts.extensions(), request, response);
    if (extension === undefined) return;
    if (!parts.isOpen()) {
      const errorType = api === 'logs' ? 'Logs.SubscriptionClosed' : 'Telemetry.SubscriptionClosed';
      return refuse(response, 403, errorType, `${name} subscription is closed already`);
    }
    const invalid = (text: string) => refuse(response, 400, `${errorPrefix}ValidationError`, text);
    const before = parts.subscribedBy(extension);
    if (before !== undefined && before !== api) {
      return invalid(`Already subscribed by the ${before === 'logs' ? 'Logs API' : 'Telemetry API'}`);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(body?.toString() ?? '');
    } catch {
      return invalid('body is not valid JSON');
    }
    const wanted = parseSubscribe(api, parsed);
    if ('problems' in wanted) return invalid(wanted.problems.join('; '));
    parts.subscribe(extension, wanted);
    answer(response, 200, 'OK');
  }

  return (request, response, path) => {
    const found = apis[path.endsWith('/') ? path.slice(0, -1) : path];
    return found === undefined || request.method !== 'PUT' ? undefined : subscribe(request, response, found);
  };
}
