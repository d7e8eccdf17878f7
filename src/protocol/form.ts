// Reads the query protocol's flat parameters, `Tags.member.1.Key=a`, into an operation's input.
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { serializationError } from './errors.ts';
import { setKey } from './json-reader.ts';
import { textReader } from './text-values.ts';

/** Parameters as a tree: `a.b.1` is three levels. */
interface FormNode {
  text: string | undefined;
  children: Map<string, FormNode>;
}

const maxDepth = 32;

/** Input members by name; parameters that the structure does not know are ignored. Throws SerializationException. */
export function readForm(schema: $SchemaRef, form: URLSearchParams): Record<string, unknown> {
  const root = emptyNode();
  for (const [key, text] of form) {
    const parts = key.split('.');
    if (parts.length > maxDepth)
      throw serializationError(`Parameter is nested too deeply: ${parts.slice(0, 3).join('.')}…`);
    let node = root;
    for (const part of parts) {
      node = childOf(node, part);
    }
    node.text = text;
  }
  return readStructure(NormalizedSchema.of(schema as never), root);
}

function readNode(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  if (schema.isStructSchema()) return readStructure(schema, node);
  return node.text === undefined ? undefined : textReader(schema, 5)(node.text);
}

function readStructure(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (!child) continue;
    const value = readNode(member, child);
    if (value !== undefined) out[name] = value;
  }
  return out;
}

function readList(schema: NormalizedSchema, node: FormNode): unknown[] {
  const item = schema.getValueSchema();
  const flat = schema.getMergedTraits().xmlFlattened;
  const holder = flat ? node : node.children.get(item.getMergedTraits().xmlName ?? 'member');
  // A parameter deeper than its item goes, `Keys.member.1.x`, leaves the item without a value.
  const items = holder ? numbered(holder).map((child) => readNode(item, child)) : [];
  return items.filter((value) => value !== undefined);
}

function readMap(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const value = schema.getValueSchema();
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = value.getMergedTraits().xmlName ?? 'value';
  const holder = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const out: Record<string, unknown> = {};
  for (const entry of holder ? numbered(holder) : []) {
    const key = entry.children.get(keyName)?.text;
    const child = entry.children.get(valueName);
    const read = child && readNode(value, child);
    if (key !== undefined && read !== undefined) setKey(out, key, read);
  }
  return out;
}

/** Children with numbers for names, in the order of the numbers, which may leave gaps. */
function numbered(node: FormNode): FormNode[] {
  return [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function childOf(node: FormNode, name: string): FormNode {
  let child = node.children.get(name);
  if (!child) {
    child = emptyNode();
    node.children.set(name, child);
  }
  return child;
}

function emptyNode(): FormNode {
  return { text: undefined, children: new Map() };
}
