// ARNs of dashboards, which name no region.
import { formatArn } from '../../core/arn.ts';

export function dashboardArn({ account, region }: { account: string; region: string }, name: string): string {
  return formatArn('cloudwatch', '', account, `dashboard/${name}`, region);
}
