// Which services have quotas here, and which. Each service describes its own; the server's composition brings them together.
import { noSuchQuota, noSuchService } from './errors.ts';

export interface CatalogueQuota {
  /** E.g. `L-B99A9384`. */
  code: string;
  name: string;
  description: string;
  /** What every account has that was not given more. */
  value: number;
  unit: string;
  adjustable: boolean;
  usageMetric?: { namespace: string; name: string; statistic: string };
}

export interface CatalogueService {
  /** E.g. `lambda`. */
  code: string;
  name: string;
  quotas: readonly CatalogueQuota[];
}

export type Catalogue = readonly CatalogueService[];

/** Throws NoSuchResourceException. */
export function serviceOf(catalogue: Catalogue, serviceCode: string): CatalogueService {
  const service = catalogue.find((each) => each.code === serviceCode);
  if (service === undefined) throw noSuchService();
  return service;
}

/** Throws NoSuchResourceException. */
export function quotaOf(service: CatalogueService, quotaCode: string): CatalogueQuota {
  const quota = service.quotas.find((each) => each.code === quotaCode);
  if (quota === undefined) throw noSuchQuota();
  return quota;
}
