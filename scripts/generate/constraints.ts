// Joins botocore's constraints to the SDK's structures, whose schemas name members but not what they must satisfy.
import { compilePattern } from '../../src/contracts/pattern.ts';
import type { BotocoreModel, BotocoreShape } from './botocore.ts';
import type { PackedRef, SdkModel } from './sdk-schemas.ts';

/** Lists point to their `member`, maps to `key` and `value`, by names in the same table. */
export interface PackedConstraint {
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  /** For numbers with a fraction, which AWS shows as `2.0`. */
  double?: true;
  member?: string;
  key?: string;
  value?: string;
}

export interface PackedConstraints {
  /** By structure: its members in the model's order; the value names a constraint, or is empty; required ones end in `!`. */
  members: Record<string, Record<string, string>>;
  constraints: Record<string, PackedConstraint>;
  /** What could not be carried over, for a person to read. */
  problems: string[];
}

/** Constraints of everything that an operation's input reaches: outputs are ours and are not validated. */
export function readConstraints(sdk: SdkModel, botocore: BotocoreModel): PackedConstraints {
  const members: Record<string, Record<string, string>> = {};
  const constraints: Record<string, PackedConstraint> = {};
  const problems: string[] = [];
  const pairs = new Map<string, string>();

  const shapeOf = (name: string): BotocoreShape => {
    const shape = botocore.shapes[name];
    if (!shape) throw new Error(`botocore has no shape ${name}`);
    return shape;
  };

  /** Name of the constraint of a botocore shape, or nothing when it demands nothing. */
  const constrain = (name: string): string => {
    if (constraints[name]) return name;
    const shape = shapeOf(name);
    if (shape.type === 'structure') return '';
    const constraint: PackedConstraint = {};
    if (shape.min !== undefined) constraint.min = shape.min;
    if (shape.max !== undefined) constraint.max = shape.max;
    if (shape.enum) constraint.enum = shape.enum;
    const bounded = shape.min !== undefined || shape.max !== undefined;
    if (bounded && (shape.type === 'double' || shape.type === 'float')) constraint.double = true;
    if (shape.pattern !== undefined) {
      constraint.pattern = shape.pattern;
      try {
        compilePattern(shape.pattern);
      } catch (error) {
        problems.push(`pattern of ${name} does not compile and is not enforced: ${shape.pattern} (${String(error)})`);
      }
    }
    // Reserve the place first: lists and maps may hold themselves.
    constraints[name] = constraint;
    if (shape.member) setIf(constraint, 'member', constrain(shape.member.shape));
    if (shape.key) setIf(constraint, 'key', constrain(shape.key.shape));
    if (shape.value) setIf(constraint, 'value', constrain(shape.value.shape));
    if (Object.keys(constraint).length === 0) {
      delete constraints[name];
      return '';
    }
    return name;
  };

  const pair = (ref: PackedRef, botocoreName: string): void => {
    const name = Array.isArray(ref) ? ref[0] : ref;
    if (typeof name !== 'string') return;
    const packed = sdk.shapes.get(name);
    const shape = shapeOf(botocoreName);
    if (!packed) return;
    if (packed[0] === 1) {
      if (shape.member) pair(packed[2], shape.member.shape);
      return;
    }
    if (packed[0] === 2) {
      if (shape.value) pair(packed[3], shape.value.shape);
      return;
    }
    if (packed[0] === 0) return;
    const before = pairs.get(name);
    if (before !== undefined) {
      if (before !== botocoreName) problems.push(`structure ${name} is both ${before} and ${botocoreName}`);
      return;
    }
    pairs.set(name, botocoreName);
    const known = packed[2] as Record<string, PackedRef>;
    const described: Record<string, string> = {};
    for (const [memberName, member] of Object.entries(shape.members ?? {})) {
      const ref = known[memberName];
      if (ref === undefined) {
        problems.push(`${name}.${memberName} is unknown to the SDK's schemas`);
        continue;
      }
      const required = shape.required?.includes(memberName) ? '!' : '';
      described[memberName] = constrain(member.shape) + required;
      pair(ref, member.shape);
    }
    members[name] = described;
  };

  for (const operation of sdk.operations) {
    const input = botocore.operations[operation.name]?.input;
    if (input && operation.input !== 'unit') pair(operation.input, input.shape);
  }
  return { members: sortKeys(members), constraints: sortKeys(constraints), problems };
}

function setIf(constraint: PackedConstraint, key: 'member' | 'key' | 'value', name: string): void {
  if (name !== '') constraint[key] = name;
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
