// Message attributes: what is accepted, how they are stored and filtered, and the MD5 by which clients check them.
import { createHash, hash } from 'node:crypto';
import { invalidMessageContents, invalidParameter, invalidValue } from './errors.ts';
import { limits } from './limits.ts';

/** As the contract has it, after decoding. */
export interface AttributeValue {
  DataType: string | undefined;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}

export type Attributes = Record<string, AttributeValue>;

export const md5 = (text: string): string => hash('md5', text, 'hex');

/** What XML 1.0 cannot hold; with the flag `u` a lone surrogate counts as well. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Throws InvalidMessageContents. */
export function requireValidText(text: string): void {
  if (forbidden.test(text)) throw invalidMessageContents();
}

/** Throws what AWS answers to the first attribute that is wrong; `kind` is `user` or `system`. */
export function validateAttributes(attributes: Attributes, kind: 'user' | 'system'): void {
  const names = Object.keys(attributes);
  if (names.length > limits.messageAttributes) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${limits.messageAttributes}].`,
    );
  }
  for (const name of names) {
    if (kind === 'user') validateName(name);
    validateValue(name, attributes[name]!, kind);
  }
}

function validateName(name: string): void {
  if (name === '') throw invalidParameter('Message attribute names must not be empty.');
  if (name.length > limits.messageAttributeNameLength) {
    throw invalidParameter('Message (user) attribute name can not be longer than 256 characters.');
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(name) || /^\.|\.$|\.\./.test(name)) {
    throw invalidParameter(`Invalid message (user) attribute name '${name}'.`);
  }
  if (/^(?:aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      `You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. The name '${name}' is reserved for use by AWS.`,
    );
  }
}

function validateValue(name: string, value: AttributeValue, kind: string): void {
  const type = value.DataType ?? '';
  const [base] = type.split('.', 1);
  const about = `Message (${kind}) attribute '${name}'`;
  if (type === '') throw invalidParameter(`${about} must contain a non-empty attribute type.`);
  if (type.length > limits.messageAttributeTypeLength) {
    throw invalidParameter(`${about} has an invalid attribute type: the length must be less than 256 bytes.`);
  }
  if (base !== 'String' && base !== 'Number' && base !== 'Binary') {
    throw invalidParameter(
      `The type of message (${kind}) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const given = base === 'Binary' ? value.BinaryValue?.byteLength : value.StringValue?.length;
  if (given === undefined && (value.StringValue !== undefined || value.BinaryValue !== undefined)) {
    throw invalidParameter(`${about} with type '${base}' must use field '${base === 'Binary' ? 'Binary' : 'String'}'.`);
  }
  if (!given) throw invalidParameter(`${about} must contain a non-empty value of type '${type}'.`);
  if (base === 'Binary') return;
  requireValidText(value.StringValue!);
  if (base === 'Number' && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value.StringValue!.trim())) {
    throw invalidParameter(`Can't cast the value of message (${kind}) attribute '${name}' to a number.`);
  }
}

/** AWSTraceHeader is the only system attribute that can be sent, and must be a String. */
export function traceHeaderOf(attributes: Attributes | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  for (const name of Object.keys(attributes)) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
  }
  validateAttributes(attributes, 'system');
  const value = attributes['AWSTraceHeader'];
  if (value === undefined) return undefined;
  if (value.DataType !== 'String') {
    throw invalidValue(value.DataType, 'AWSTraceHeader', "The type must be 'String'.");
  }
  return value.StringValue;
}

/** Bytes that attributes add to a message's size: names, types and values. */
export function attributeBytes(attributes: Attributes): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.DataType!);
    bytes += value.BinaryValue?.byteLength ?? Buffer.byteLength(value.StringValue!);
  }
  return bytes;
}

/**
 * MD5 over all attributes by name: each name, type and value behind its length in four bytes, the value also behind a byte
 * that tells strings (1) from bytes (2).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesMd5(attributes: Attributes): string {
  const digest = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    digest.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType!));
    const binary = DataType!.startsWith('Binary');
    digest.update(binary ? '\x02' : '\x01');
    add(binary ? BinaryValue! : Buffer.from(StringValue!));
  }
  return digest.digest('hex');
}

/** For the store: `{name: [type, string]}`, or `[type, base64, 1]` for bytes. */
export function encodeAttributes(attributes: Attributes): string {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    DataType!.startsWith('Binary')
      ? [DataType, Buffer.from(BinaryValue!).toString('base64'), 1]
      : [DataType, StringValue],
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

export function decodeAttributes(text: string): Attributes {
  const stored = JSON.parse(text) as Record<string, [string, string, 1?]>;
  return Object.fromEntries(
    Object.entries(stored).map(([name, [DataType, value, bytes]]) => [
      name,
      bytes ? { BinaryValue: Buffer.from(value, 'base64'), DataType } : { StringValue: value, DataType },
    ]),
  );
}

/** Those that `wanted` names: exactly, by a prefix as in `foo.*`, or all by `All` or `.*`. */
export function selectAttributes(attributes: Attributes, wanted: readonly string[]): Attributes {
  if (wanted.includes('All') || wanted.includes('.*') || wanted.includes('*')) return attributes;
  const matches = (name: string) =>
    wanted.some((each) => each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)));
}
