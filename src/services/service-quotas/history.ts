// Pages of requests for more, the newest first.
import type { Caller } from '../service.ts';
import { quotaOf, serviceOf } from './catalogue.ts';
import { invalidPaginationToken } from './errors.ts';
import { pageSize, readToken, writeToken } from './pages.ts';
import type { ServiceQuotas } from './service-quotas.ts';
import type { RequestFilter, RequestPlace } from './store.ts';
import { type ShownRequest, showRequest } from './views.ts';

interface HistoryInput {
  NextToken?: string | undefined;
  MaxResults?: number | undefined;
  QuotaRequestedAtLevel?: string | undefined;
}

interface HistoryPage {
  RequestedQuotas: ShownRequest[];
  NextToken?: string;
}

export async function listRequests(
  { catalogue, store }: ServiceQuotas,
  caller: Caller,
  filter: RequestFilter,
  input: HistoryInput,
): Promise<HistoryPage> {
  // Every request is about what the account has, none about a single resource.
  if (input.QuotaRequestedAtLevel === 'RESOURCE') return { RequestedQuotas: [] };
  const size = pageSize(input);
  const found = await store.requests(caller, filter, readPlace(readToken(input)), size + 1);
  const page = found.slice(0, size);
  const last = page.at(-1);
  return {
    RequestedQuotas: page.map((request) => {
      const service = serviceOf(catalogue, request.service);
      return showRequest(service, quotaOf(service, request.quota), request);
    }),
    ...(found.length > size && last !== undefined ? { NextToken: writeToken(`${last.created} ${last.id}`) } : {}),
  };
}

function readPlace(text: string | undefined): RequestPlace | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+) (\w+)$/.exec(text);
  if (match === null) throw invalidPaginationToken();
  return { created: Number(match[1]), id: match[2]! };
}
