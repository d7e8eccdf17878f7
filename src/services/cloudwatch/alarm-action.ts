// Actions of alarms: which ARNs may be one, and what each is told.
import { type Arn, parseArn } from '../../core/arn.ts';
import type { Alarm, AlarmActions, AlarmOwner, AlarmState, SuppressedBy } from './alarm.ts';
import { functionEvent, topicMessage, topicSubject } from './alarm-message.ts';
import { notBuilt, validationError } from './errors.ts';

/** What AWS takes as an action and Lambent has no service for. */
const notBuiltYet: Readonly<Record<string, string>> = {
  aiops: 'CloudWatch investigations',
  automate: 'EC2',
  autoscaling: 'EC2 Auto Scaling',
  ssm: 'Systems Manager',
  'ssm-incidents': 'Incident Manager',
  swf: 'EC2',
};

interface ActionInput {
  ActionsEnabled?: boolean | undefined;
  OKActions?: string[] | undefined;
  AlarmActions?: string[] | undefined;
  InsufficientDataActions?: string[] | undefined;
}

/** The actions that an alarm is given. Throws ValidationError for what is none, by name for what is not built. */
export function actionsFrom(input: ActionInput, owner: AlarmOwner): AlarmActions {
  const { ActionsEnabled = true, OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = input;
  for (const action of [...OKActions, ...AlarmActions, ...InsufficientDataActions]) checkAction(action, owner);
  return { enabled: ActionsEnabled, ok: OKActions, alarm: AlarmActions, insufficientData: InsufficientDataActions };
}

/** A function or a topic. */
export function targetOf(action: string): Arn & { service: 'lambda' | 'sns' } {
  return parseArn(action) as Arn & { service: 'lambda' | 'sns' };
}

/** What an action is told of the state that an alarm has entered, as `Publish` or `Invoke` take it. */
export function messageOf(action: string, alarm: Alarm, previous: AlarmState, heldBy?: SuppressedBy): string {
  if (targetOf(action).service === 'lambda') return functionEvent(alarm, previous, heldBy);
  return JSON.stringify({ subject: topicSubject(alarm), message: topicMessage(alarm, previous) });
}

function checkAction(action: string, { region }: AlarmOwner): void {
  const arn = parseArn(action);
  if (arn === undefined || /\s/.test(action)) throw validationError(`Invalid arn syntax: ${action}`);
  const unbuilt = notBuiltYet[arn.service];
  if (unbuilt !== undefined) throw notBuilt(`Alarm actions of ${unbuilt} (${action}) are`);
  const form = forms[arn.service];
  if (form === undefined) throw validationError(`Unsupported AWS vendor ${arn.service}`);
  if (arn.region !== region) {
    throw validationError(`Invalid region ${arn.region} specified. Only ${region} is supported.`);
  }
  if (!/^\d{12}$/.test(arn.account) || !form.test(arn.resource)) {
    throw validationError(`Invalid arn syntax: ${action}`);
  }
}

const forms: Readonly<Record<string, RegExp>> = {
  lambda: /^function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$.-]{1,128})?$/,
  sns: /^[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
};
