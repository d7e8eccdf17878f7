// PutCompositeAlarm: creates an alarm on the states of other alarms, or replaces the configuration of one.
import { type AlarmOwner, alarmNameOf, type CompositeAlarm, initialReason } from '../alarm.ts';
import { actionsFrom } from '../alarm-action.ts';
import { configurationItem } from '../alarm-history.ts';
import { checkAlarmName } from '../alarm-name.ts';
import { alarmsOf, parseRule } from '../alarm-rule.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { limitExceeded, notBuilt, otherTypeOfAlarm, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { AlarmWriter } from '../store/alarms.ts';
import { withTags } from '../tags.ts';

type Input = Parameters<CloudWatchOperation<'PutCompositeAlarm'>>[0];

export function putCompositeAlarm({ alarms }: CloudWatch): CloudWatchOperation<'PutCompositeAlarm'> {
  return async (input, { caller, clock, ids }) => {
    const { account, region } = caller;
    if (input.ActionConfiguration !== undefined) {
      throw notBuilt('Configurations of alarm actions (ActionConfiguration) are');
    }
    const name = checkAlarmName(input.AlarmName!);
    const children = alarmsOf(parseRule(input.AlarmRule!, caller));
    if (children.includes(name)) {
      throw validationError('A composite alarm cannot have a child relation with itself via its AlarmRule');
    }
    if (children.length > limits.ruleAlarms) {
      throw validationError(`AlarmRule must not have more than ${limits.ruleAlarms} alarms`);
    }
    const suppressor = suppressorFrom(input, caller);
    const actions = actionsFrom(input, caller);
    const tags = withTags({}, input.Tags);
    const now = clock.now();
    await alarms.change(async (writer, transition) => {
      const before = await writer.get({ account, region, name });
      if (before?.type === 'MetricAlarm') throw otherTypeOfAlarm(name);
      await checkChildren(writer, caller, name, children);
      const suppressing = suppressor && (await suppressorState(writer, caller, suppressor.alarm));
      const initial = { value: 'INSUFFICIENT_DATA', reason: initialReason, updated: now, transitioned: now } as const;
      const alarm: CompositeAlarm = {
        type: 'CompositeAlarm',
        account,
        region,
        name,
        id: ids.uuid(),
        ...(input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription }),
        actions,
        configured: now,
        state: before?.state ?? initial,
        rule: input.AlarmRule!,
        ...(suppressor && { suppressor }),
        ...(before?.suppressed && { suppressed: before.suppressed }),
        ...(before?.held && { held: before.held }),
      };
      await writer.put(alarm, tags);
      await writer.refer(alarm, children, suppressor && alarmNameOf(suppressor.alarm, caller));
      await writer.addHistory(configurationItem(before === undefined ? 'Create' : 'Update', alarm, now));
      if (suppressor === undefined && alarm.suppressed !== undefined) await transition.release(alarm);
      else await transition.follow(alarm, suppressing);
      await transition.review(alarm, before === undefined ? 'created' : 'updated');
    });
    return {};
  };
}

function suppressorFrom(input: Input, owner: AlarmOwner): CompositeAlarm['suppressor'] {
  const { ActionsSuppressor: alarm } = input;
  const periods = ['ActionsSuppressorWaitPeriod', 'ActionsSuppressorExtensionPeriod'] as const;
  const [waitSeconds, extensionSeconds] = periods.map((member) => {
    const seconds = input[member];
    if (alarm === undefined && seconds !== undefined) throw validationError(`${member} requires an ActionSuppressor`);
    if (alarm !== undefined && seconds === undefined) throw validationError(`${member} must not be null`);
    if (seconds !== undefined && seconds < 0) throw validationError(`${member} must not be negative`);
    return seconds;
  });
  if (alarm === undefined) return undefined;
  if (alarmNameOf(alarm, owner) === undefined) {
    throw validationError('ActionsSuppressor must be a valid CloudWatch Alarm ARN or an Alarm name');
  }
  return { alarm, waitSeconds: waitSeconds!, extensionSeconds: extensionSeconds! };
}

async function checkChildren(
  writer: AlarmWriter,
  { account, region }: AlarmOwner,
  name: string,
  children: readonly string[],
): Promise<void> {
  const missing: string[] = [];
  for (const child of children) {
    const key = { account, region, name: child };
    if ((await writer.get(key)) === undefined) missing.push(child);
    const composites = (await writer.composites(key, 'rule')).filter((composite) => composite !== name);
    if (composites.length >= limits.compositesPerAlarm) {
      throw limitExceeded(
        `The alarm ${child} is in the rules of ${limits.compositesPerAlarm} composite alarms already.`,
      );
    }
  }
  if (missing.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`,
    );
  }
}

async function suppressorState(writer: AlarmWriter, owner: AlarmOwner, reference: string) {
  const { account, region } = owner;
  const found = await writer.get({ account, region, name: alarmNameOf(reference, owner)! });
  if (found === undefined) {
    throw validationError(`Could not save the composite alarm as the ActionsSuppressor ${reference} does not exist`);
  }
  return found.state.value;
}
