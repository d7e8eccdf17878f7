// ListServices: the services that have quotas here.
import { pageOf } from '../pages.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';

export function listServices({ catalogue }: ServiceQuotas): ServiceQuotasOperation<'ListServices'> {
  return async (input) => {
    const [page, next] = pageOf(catalogue, (service) => service.code, input);
    return {
      Services: page.map(({ code, name }) => ({ ServiceCode: code, ServiceName: name })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  };
}
