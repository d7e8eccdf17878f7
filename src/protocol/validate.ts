// Checks an operation's input against the published model, in the words that AWS uses.
import { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint, Contract } from '../contracts/contract.ts';
import { compilePattern } from '../contracts/pattern.ts';
import { AwsError } from '../core/errors.ts';
import { compiledOnce } from './compiled-once.ts';
import { serializationError } from './errors.ts';
import { factsOf } from './service-facts.ts';

export interface ValidateOptions {
  /**
   * What not to check, since the service itself judges it or accepts more than the model says:
   * member paths as they appear in messages, e.g. `runtime` or `code.zipFile`, without list indexes.
   */
  skip?: readonly string[];
}

/** Where a value is, and what was found so far. */
interface Findings {
  items: string[];
  skip: ReadonlySet<string>;
  valuesOmitted: boolean;
}

type Check = (value: unknown, path: string, findings: Findings) => void;

const noSkip: ReadonlySet<string> = new Set();
const checksOf = compiledOnce((_: Contract) => new Map<string, Check>());

/**
 * Throws the service's validation error, naming everything that is wrong:
 * `N validation error(s) detected: Value '…' at '…' failed to satisfy constraint: …; …`.
 */
export function validate(contract: Contract, operation: string, input: object, options: ValidateOptions = {}): void {
  const target = contract.operations.get(operation);
  if (!target) throw new Error(`expected: an operation of ${contract.service}, not ${operation}`);
  const { validationCode, valuesOmitted = false } = factsOf(contract.service);
  const findings: Findings = { items: [], skip: options.skip ? new Set(options.skip) : noSkip, valuesOmitted };
  structureCheck(contract, NormalizedSchema.of(target.input))(input, '', findings);
  if (findings.items.length === 0) return;
  const count = findings.items.length;
  const message = `${count} validation error${count === 1 ? '' : 's'} detected: ${findings.items.join('; ')}`;
  throw new AwsError(validationCode, message);
}

function structureCheck(contract: Contract, schema: NormalizedSchema): Check {
  const compiled = checksOf(contract);
  const name = schema.getName() ?? '';
  let check = compiled.get(name);
  if (!check) {
    // Structures hold themselves, so the entry must be there before its members are compiled.
    let inner: Check = () => {};
    compiled.set(name, (value, path, findings) => inner(value, path, findings));
    check = compileStructure(contract, schema, name);
    inner = check;
    compiled.set(name, check);
  }
  return check;
}

function compileStructure(contract: Contract, schema: NormalizedSchema, name: string): Check {
  const members = (contract.members.get(name) ?? []).flatMap(({ name: member, required, constraint }) => {
    const target = schema.getMemberSchema(member)!;
    const check = valueCheck(contract, target, constraint);
    return check || required ? [{ member, key: lowerFirst(member), required, check }] : [];
  });
  return (value, path, findings) => {
    const record = value as Record<string, unknown>;
    for (const { member, key, required, check } of members) {
      const item = record[member];
      const itemPath = path === '' ? key : `${path}.${key}`;
      if (item === undefined || item === null) {
        if (required && !skipped(findings, itemPath)) report(findings, null, itemPath, 'Member must not be null');
      } else check?.(item, itemPath, findings);
    }
  };
}

/** How a value appears in a message. */
interface Style {
  sensitive: boolean;
  /** Numbers have a fraction, as Java's doubles do. */
  double: boolean;
}

/** Undefined when nothing can be wrong with a value of this schema. */
function valueCheck(
  contract: Contract,
  schema: NormalizedSchema,
  constraintName: string | undefined,
): Check | undefined {
  const constraint = named(contract, constraintName);
  if (schema.isStructSchema()) return structureCheck(contract, schema);
  if (schema.isListSchema()) return listCheck(contract, schema, constraint);
  if (schema.isMapSchema()) return mapCheck(contract, schema, constraint);
  const rules = compileSimple(schema, constraint);
  if (rules.length === 0) return undefined;
  const style = { sensitive: isSensitive(schema), double: constraint?.double === true };
  const whole = schema.isNumericSchema() && !style.double;
  return (value, path, findings) => {
    // Schemas do not tell integers from other numbers, constraints do.
    if (whole && Number.isFinite(value) && !Number.isInteger(value)) {
      throw serializationError('NUMBER_VALUE can not be converted to an Integer');
    }
    if (!skipped(findings, path)) apply(rules, value, path, findings, style);
  };
}

function listCheck(contract: Contract, schema: NormalizedSchema, constraint: Constraint | undefined): Check {
  const item = schema.getValueSchema();
  const own = lengthRules(constraint);
  const simple = named(contract, constraint?.member);
  const style = { sensitive: isSensitive(item), double: simple?.double === true };
  const nested = isNested(item) ? valueCheck(contract, item, constraint?.member) : undefined;
  const holds = aggregate(isNested(item) ? [] : compileSimple(item, simple), Boolean(schema.getMergedTraits().sparse));
  return (value, path, findings) => {
    const list = value as unknown[];
    if (skipped(findings, path)) return;
    apply(own, list, path, findings, style);
    if (nested) {
      list.forEach((each, index) => {
        const itemPath = `${path}.${index + 1}.member`;
        if (each === null) report(findings, null, itemPath, 'Member must not be null', style);
        else nested(each, itemPath, findings);
      });
    } else if (!list.every(holds.test)) {
      report(findings, list, path, `Member must satisfy constraint: ${holds.text}`, style);
    }
  };
}

function mapCheck(contract: Contract, schema: NormalizedSchema, constraint: Constraint | undefined): Check {
  const item = schema.getValueSchema();
  const own = lengthRules(constraint);
  const simple = named(contract, constraint?.value);
  const sensitive = isSensitive(item) || isSensitive(schema.getKeySchema());
  const style = { sensitive, double: simple?.double === true };
  const keysHold = aggregate(compileSimple(schema.getKeySchema(), named(contract, constraint?.key)), false);
  const nested = isNested(item) ? valueCheck(contract, item, constraint?.value) : undefined;
  const holds = aggregate(isNested(item) ? [] : compileSimple(item, simple), Boolean(schema.getMergedTraits().sparse));
  return (value, path, findings) => {
    const map = value as Record<string, unknown>;
    if (skipped(findings, path)) return;
    apply(own, map, path, findings, style);
    if (!Object.keys(map).every(keysHold.test)) {
      report(findings, map, path, `Map keys must satisfy constraint: ${keysHold.text}`, style);
    }
    if (nested) {
      for (const [key, each] of Object.entries(map)) if (each !== null) nested(each, `${path}.${key}.member`, findings);
    } else if (!Object.values(map).every(holds.test)) {
      report(findings, map, path, `Map value must satisfy constraint: ${holds.text}`, style);
    }
  };
}

interface Rule {
  text: string;
  holds(value: any): boolean;
}

/** In the order in which AWS lists them: lengths or range, pattern, enumeration. */
function compileSimple(schema: NormalizedSchema, constraint: Constraint | undefined): Rule[] {
  if (!constraint) return [];
  const rules =
    schema.isNumericSchema() || schema.isBigIntegerSchema() ? rangeRules(constraint) : lengthRules(constraint);
  if (constraint.pattern !== undefined) {
    const pattern = tryCompile(constraint.pattern);
    const text = `Member must satisfy regular expression pattern: ${constraint.pattern}`;
    if (pattern) rules.push({ text, holds: (value: string) => pattern.test(value) });
  }
  if (constraint.enum) {
    const known = new Set(constraint.enum);
    const text = `Member must satisfy enum value set: [${constraint.enum.join(', ')}]`;
    rules.push({ text, holds: (value: string) => known.has(value) });
  }
  return rules;
}

function lengthRules(constraint: Constraint | undefined): Rule[] {
  const { min, max } = constraint ?? {};
  const rules: Rule[] = [];
  if (max !== undefined) {
    rules.push({
      text: `Member must have length less than or equal to ${max}`,
      holds: (value) => lengthOf(value) <= max,
    });
  }
  // A minimum of zero says nothing, and AWS does not list it.
  if (min !== undefined && min > 0) {
    rules.push({
      text: `Member must have length greater than or equal to ${min}`,
      holds: (value) => lengthOf(value) >= min,
    });
  }
  return rules;
}

function rangeRules({ min, max, double }: Constraint): Rule[] {
  const rules: Rule[] = [];
  const text = (bound: number) => display(bound, double);
  if (max !== undefined)
    rules.push({ text: `Member must have value less than or equal to ${text(max)}`, holds: (value) => value <= max });
  if (min !== undefined)
    rules.push({
      text: `Member must have value greater than or equal to ${text(min)}`,
      holds: (value) => value >= min,
    });
  return rules;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return Object.keys(value as object).length;
}

/** The rules of simple values in a collection, which are judged, and told, all at once. */
function aggregate(rules: readonly Rule[], nullable: boolean): { text: string; test(value: unknown): boolean } {
  const texts = [...rules.map((rule) => rule.text), 'Member must not be null'];
  return {
    text: `[${texts.join(', ')}]`,
    test: (value) => (value === null ? nullable : rules.every((rule) => rule.holds(value))),
  };
}

function apply(rules: readonly Rule[], value: unknown, path: string, findings: Findings, style: Style): void {
  for (const { text, holds } of rules) if (!holds(value)) report(findings, value, path, text, style);
}

function isSensitive(schema: NormalizedSchema): boolean {
  return Boolean(schema.getMergedTraits().sensitive);
}

function named(contract: Contract, name: string | undefined): Constraint | undefined {
  return name === undefined ? undefined : contract.constraints.get(name);
}

function isNested(schema: NormalizedSchema): boolean {
  return schema.isStructSchema() || schema.isListSchema() || schema.isMapSchema();
}

/** The generator has already reported patterns that JavaScript cannot express. */
function tryCompile(pattern: string): RegExp | undefined {
  try {
    return compilePattern(pattern);
  } catch {
    return undefined;
  }
}

function skipped(findings: Findings, path: string): boolean {
  return findings.skip.size > 0 && findings.skip.has(path.replace(/\.\d+\.member/g, ''));
}

function report(findings: Findings, value: unknown, path: string, constraint: string, style?: Style): void {
  // AWS leaves the value of sensitive members out.
  const shown = style?.sensitive || findings.valuesOmitted ? 'Value' : `Value '${display(value, style?.double)}'`;
  const subject = value === null ? 'Value null' : shown;
  findings.items.push(`${subject} at '${path}' failed to satisfy constraint: ${constraint}`);
}

/** As Java's toString shows it: `[a, b]`, `{k=v}`. */
function display(value: unknown, double = false): string {
  if (value === null || value === undefined) return 'null';
  if (double && Number.isInteger(value)) return `${String(value)}.0`;
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.byteLength} cap=${value.byteLength}]`;
  if (Array.isArray(value)) return `[${value.map((item) => display(item, double)).join(', ')}]`;
  if (typeof value !== 'object' || value instanceof Date) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${display(item, double)}`)
    .join(', ')}}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
