// Amazon Resource Names: `arn:partition:service:region:account:resource`.

export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** Everything after the fifth colon, e.g. `function:name:1` or `role/path/name`. */
  resource: string;
}

/** Takes an ARN apart; undefined when `text` is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition, service, region, account, resource] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { partition, service, region, account, resource };
}

/** The partition that a region lies in. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}

export function formatArn(
  service: string,
  region: string,
  account: string,
  resource: string,
  partitionRegion = region,
): string {
  return `arn:${partitionOf(partitionRegion)}:${service}:${region}:${account}:${resource}`;
}
