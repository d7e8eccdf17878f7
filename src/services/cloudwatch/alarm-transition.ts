// Alarms entering states, inside of one transaction: what is kept, what history says, which actions are to be taken or held
// back, and which composite alarms follow.
import {
  type Alarm,
  type AlarmKey,
  type AlarmState,
  actionsOf,
  alarmArn,
  alarmNameOf,
  type CompositeAlarm,
  type StateValue,
  type SuppressedBy,
} from './alarm.ts';
import { messageOf } from './alarm-action.ts';
import { stateItem } from './alarm-history.ts';
import { alarmsOf, holds, parseRule } from './alarm-rule.ts';
import { longTimeText, timestampText } from './java-text.ts';
import type { AlarmWriter } from './store/alarms.ts';

/** Why a composite alarm is judged anew. */
export type Occasion = 'created' | 'updated' | { child: Alarm };

export class Transition {
  readonly #writer: AlarmWriter;
  readonly #now: number;
  /** Alarms that are changing, so that a cycle of composite alarms comes to an end. */
  readonly #path = new Set<string>();

  constructor(writer: AlarmWriter, now: number) {
    this.#writer = writer;
    this.#now = now;
  }

  /** Puts an alarm into a state, and whatever follows from that. */
  async enter(alarm: Alarm, value: StateValue, reason: string, reasonData?: string): Promise<void> {
    const previous = alarm.state;
    const changed = previous.value !== value;
    alarm.state = {
      value,
      reason,
      ...(reasonData === undefined ? {} : { reasonData }),
      updated: this.#now,
      transitioned: changed ? this.#now : previous.transitioned,
    };
    if (!changed) return this.#writer.put(alarm);
    await this.#writer.addHistory(stateItem(alarm, previous));
    if (alarm.type === 'MetricAlarm' || !(await this.#holdBack(alarm))) await this.#act(alarm, previous);
    await this.#writer.put(alarm);
    await this.#tellComposites(alarm, previous.value);
  }

  /** Judges a composite alarm by its rule. */
  async review(alarm: CompositeAlarm, occasion: Occasion): Promise<void> {
    const rule = parseRule(alarm.rule, alarm);
    const names = alarmsOf(rule);
    const children = new Map<string, Alarm>();
    for (const name of names) {
      const child = await this.#writer.get({ ...alarm, name });
      if (child !== undefined) children.set(name, child);
    }
    const value = holds(rule, (name) => children.get(name)?.state.value) ? 'ALARM' : 'OK';
    if (value === alarm.state.value) return;
    const triggering = typeof occasion === 'string' ? [...children.values()] : [occasion.child];
    await this.enter(alarm, value, reviewReason(alarm, value, occasion), triggerData(triggering));
  }

  /** The suppressor of a composite alarm has changed, or the composite was given one. */
  async follow(alarm: CompositeAlarm, suppressor: StateValue | undefined): Promise<void> {
    if (suppressor === 'ALARM') alarm.suppressed = { by: 'Alarm' };
    else if (alarm.suppressed?.by !== 'Alarm') return;
    else {
      const extension = alarm.suppressor?.extensionSeconds ?? 0;
      if (extension > 0) alarm.suppressed = { by: 'ExtensionPeriod', until: this.#now + extension * 1000 };
      else return this.release(alarm);
    }
    await this.#writer.put(alarm);
  }

  /** Nothing holds back the actions of a composite alarm any longer: those that are due are taken. */
  async release(alarm: CompositeAlarm): Promise<void> {
    const by = alarm.suppressed?.by;
    delete alarm.suppressed;
    if (alarm.held === true) {
      delete alarm.held;
      const previous = alarm.state;
      alarm.state = { ...previous, updated: this.#now };
      await this.#act(alarm, previous, by);
    }
    await this.#writer.put(alarm);
  }

  async #tellComposites(alarm: Alarm, before: StateValue): Promise<void> {
    if (this.#path.has(alarm.name)) return;
    this.#path.add(alarm.name);
    for (const name of await this.#writer.composites(alarm, 'rule')) {
      const composite = await this.#composite({ ...alarm, name });
      if (composite !== undefined && !this.#path.has(name)) await this.review(composite, { child: alarm });
    }
    if ((before === 'ALARM') !== (alarm.state.value === 'ALARM')) {
      for (const name of await this.#writer.composites(alarm, 'suppressor')) {
        const composite = await this.#composite({ ...alarm, name });
        if (composite !== undefined) await this.follow(composite, alarm.state.value);
      }
    }
    this.#path.delete(alarm.name);
  }

  async #composite(key: AlarmKey): Promise<CompositeAlarm | undefined> {
    const alarm = await this.#writer.get(key);
    return alarm?.type === 'CompositeAlarm' ? alarm : undefined;
  }

  /** True when the actions of the state that was just entered are held back. */
  async #holdBack(alarm: CompositeAlarm): Promise<boolean> {
    if (alarm.suppressor === undefined) return false;
    const name = alarmNameOf(alarm.suppressor.alarm, alarm);
    const suppressor = name === undefined ? undefined : await this.#writer.get({ ...alarm, name });
    if (suppressor?.state.value === 'ALARM') alarm.suppressed = { by: 'Alarm' };
    else if (alarm.suppressed?.by !== 'ExtensionPeriod') {
      const wait = alarm.suppressor.waitSeconds;
      if (wait === 0) {
        delete alarm.suppressed;
        return false;
      }
      alarm.suppressed = { by: 'WaitPeriod', until: this.#now + wait * 1000 };
    }
    alarm.held = true;
    return true;
  }

  async #act(alarm: Alarm, previous: AlarmState, heldBy?: SuppressedBy): Promise<void> {
    if (!alarm.actions.enabled) return;
    for (const action of actionsOf(alarm, alarm.state.value)) {
      await this.#writer.addAction(alarm, action, messageOf(action, alarm, previous, heldBy));
    }
  }
}

function reviewReason(alarm: CompositeAlarm, value: StateValue, occasion: Occasion): string {
  if (occasion === 'created') return `${alarmArn(alarm)} was created and its alarm rule evaluates to ${value}`;
  if (occasion === 'updated') return `${alarmArn(alarm)} was updated and its new alarm rule evaluates to ${value}`;
  const { child } = occasion;
  return `${alarmArn(child)} transitioned to ${child.state.value} at ${longTimeText(child.state.transitioned)}`;
}

function triggerData(alarms: readonly Alarm[]): string {
  return JSON.stringify({
    triggeringAlarms: alarms.map((alarm) => ({
      arn: alarmArn(alarm),
      state: { value: alarm.state.value, timestamp: timestampText(alarm.state.transitioned) },
    })),
  });
}
