// DeleteDashboards: deletes dashboards, all that are named or none.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { dashboardNotFound } from '../errors.ts';

export function deleteDashboards({ dashboards }: CloudWatch): CloudWatchOperation<'DeleteDashboards'> {
  return async (input, { caller }) => {
    const missing = await dashboards.delete(caller.account, input.DashboardNames!);
    if (missing.length > 0) throw dashboardNotFound(`The specified dashboard does not exist. [${missing.join(', ')}]`);
    return {};
  };
}
