// PutTelemetryRecords: how a daemon fared. X-Ray shows them to nobody, so they go to the server's log.
import type { XRayOperation } from '../xray.ts';

export function putTelemetryRecords(): XRayOperation<'PutTelemetryRecords'> {
  return async ({ TelemetryRecords, EC2InstanceId, Hostname, ResourceARN }, { log }) => {
    log.debug({ TelemetryRecords, EC2InstanceId, Hostname, ResourceARN }, 'an X-Ray daemon told how it fares');
    return {};
  };
}
