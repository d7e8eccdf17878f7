// ARNs of log groups and streams.
import { formatArn, parseArn } from '../../core/arn.ts';
import type { LogGroup } from './store/index.ts';

/** E.g. `arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/name`, AWS's `logGroupArn`. */
export function groupArn({ region, account, name }: Pick<LogGroup, 'region' | 'account' | 'name'>): string {
  return formatArn('logs', region, account, `log-group:${name}`);
}

export function streamArn(group: LogGroup, stream: string): string {
  return `${groupArn(group)}:log-stream:${stream}`;
}

/** A group's account, region and name from its ARN, with or without `:*` at its end; undefined when `text` is none. */
export function parseGroupArn(text: string): { account: string; region: string; name: string } | undefined {
  const arn = parseArn(text);
  const match = /^log-group:([^:*]+)(:\*)?$/.exec(arn?.resource ?? '');
  if (arn?.service !== 'logs' || match === null) return undefined;
  return { account: arn.account, region: arn.region, name: match[1]! };
}
