// What tags belong to, by ARN: alarms and dashboards.
import { parseArn } from '../../core/arn.ts';
import type { Caller } from '../service.ts';
import { invalidParameterValue, notBuilt, resourceNotFound } from './errors.ts';
import type { CloudWatch } from './cloudwatch.ts';
import type { Tags } from './tags.ts';

/** Throws for ARNs of other things, and ResourceNotFoundException. */
export async function readTags(cloudWatch: CloudWatch, arn: string, caller: Caller): Promise<Tags> {
  const { alarm, dashboard } = resourceOf(arn, caller);
  const tags =
    alarm === undefined
      ? await cloudWatch.dashboards.tags(caller.account, dashboard!)
      : await cloudWatch.alarms.store.tags({ ...caller, name: alarm });
  if (tags === undefined) throw resourceNotFound(arn);
  return tags;
}

export async function changeTags(
  cloudWatch: CloudWatch,
  arn: string,
  caller: Caller,
  change: (tags: Tags) => Tags,
): Promise<void> {
  const { alarm, dashboard } = resourceOf(arn, caller);
  if (dashboard !== undefined) {
    if (!(await cloudWatch.dashboards.changeTags(caller.account, dashboard, change))) throw resourceNotFound(arn);
    return;
  }
  const key = { ...caller, name: alarm! };
  await cloudWatch.alarms.store.write(async (writer) => {
    const tags = await writer.tags(key);
    if (tags === undefined) throw resourceNotFound(arn);
    await writer.putTags(key, change(tags));
  });
}

function resourceOf(arn: string, { account, region }: Caller): { alarm?: string; dashboard?: string } {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'cloudwatch') throw invalidParameterValue(`Invalid ARN: ${arn}`);
  const [, kind, name] = /^(alarm:|dashboard\/|[a-z-]+[:/])(.+)$/s.exec(parsed.resource) ?? [];
  if (kind === 'alarm:') {
    if (parsed.account !== account || parsed.region !== region) throw resourceNotFound(arn);
    return { alarm: name! };
  }
  if (kind === 'dashboard/') {
    if (parsed.account !== account) throw resourceNotFound(arn);
    return { dashboard: name! };
  }
  if (kind === undefined) throw invalidParameterValue(`Invalid ARN: ${arn}`);
  throw notBuilt(`Tags of ${parsed.resource.split(/[:/]/)[0]} resources are`);
}
