// PutDashboard: keeps a dashboard's body, once it is one.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { checkDashboardBody } from '../dashboard-body.ts';
import { invalidDashboard, invalidParameterValue } from '../errors.ts';
import { withTags } from '../tags.ts';

export function putDashboard({ dashboards }: CloudWatch): CloudWatchOperation<'PutDashboard'> {
  return async (input, { caller, clock }) => {
    const { DashboardName: name = '', DashboardBody: body = '' } = input;
    if (name === '' || name.length > 255) {
      throw invalidDashboard('The field DashboardName must be between 1 and 255 characters');
    }
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      throw invalidParameterValue(
        'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n',
      );
    }
    const warnings = checkDashboardBody(body);
    // AWS tells times of dashboards in whole seconds.
    const modified = Math.floor(clock.now() / 1000) * 1000;
    const entry = { name, modified, size: Buffer.byteLength(body) };
    await dashboards.put(caller.account, entry, body, withTags({}, input.Tags));
    return {
      DashboardValidationMessages: warnings.map(({ dataPath, message }) => ({ DataPath: dataPath, Message: message })),
    };
  };
}
