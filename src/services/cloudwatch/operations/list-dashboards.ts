// ListDashboards: the dashboards of an account, by name.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { dashboardArn } from '../dashboard-arn.ts';
import { invalidParameterValue } from '../errors.ts';
import { limits } from '../limits.ts';
import { parseToken, writeToken } from '../tokens.ts';

export function listDashboards({ dashboards }: CloudWatch): CloudWatchOperation<'ListDashboards'> {
  return async (input, { caller }) => {
    const after = input.NextToken === undefined ? '' : parseToken(input.NextToken, isText);
    if (after === undefined) throw invalidParameterValue('The value for parameter NextToken is invalid.');
    const prefix = input.DashboardNamePrefix ?? '';
    const found = await dashboards.list(caller.account, prefix, after, limits.dashboardsPerPage + 1);
    const page = found.slice(0, limits.dashboardsPerPage);
    return {
      DashboardEntries: page.map(({ name, modified, size }) => ({
        DashboardName: name,
        DashboardArn: dashboardArn(caller, name),
        LastModified: new Date(modified),
        Size: size,
      })),
      ...(found.length > page.length ? { NextToken: writeToken(page.at(-1)!.name) } : {}),
    };
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
