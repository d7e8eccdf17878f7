// GetDashboard: a dashboard as it was put.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { dashboardArn } from '../dashboard-arn.ts';
import { dashboardNotFound } from '../errors.ts';

export function getDashboard({ dashboards }: CloudWatch): CloudWatchOperation<'GetDashboard'> {
  return async (input, { caller }) => {
    const name = input.DashboardName!;
    const body = await dashboards.body(caller.account, name);
    if (body === undefined) throw dashboardNotFound(`Dashboard ${name} does not exist`);
    return { DashboardArn: dashboardArn(caller, name), DashboardBody: body, DashboardName: name };
  };
}
