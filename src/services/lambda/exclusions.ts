// What a function with tenants or SnapStart cannot have beside: https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html
// and https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html.
import { invalidParameter } from './errors.ts';
import type { VersionRecord } from './function-record.ts';

/** Throws InvalidParameterValueException for a version whose environments start on demand alone. */
export function refuseProvisioned({ configuration }: VersionRecord): void {
  if (configuration.snapStart === true) {
    throw invalidParameter('Provisioned Concurrency is not supported for SnapStart enabled functions.');
  }
  refuseForTenants(configuration.tenancy, 'Provisioned Concurrency');
}

/** Throws InvalidParameterValueException for a function that nobody can reach without naming a tenant. */
export function refuseUrl({ configuration }: VersionRecord): void {
  refuseForTenants(configuration.tenancy, 'Function URL');
}

function refuseForTenants(tenancy: string | undefined, what: string): void {
  if (tenancy !== undefined) {
    throw invalidParameter(`${what} is not supported for functions with tenancy configuration.`);
  }
}
