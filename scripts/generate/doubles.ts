// Tells the doubles of outputs from other numbers: the SDK's schemas know numbers only, and AWS writes a double as `2.0`.
import type { BotocoreModel, BotocoreShape } from './botocore.ts';
import type { PackedRef, PackedShape, SdkModel } from './sdk-schemas.ts';

/** Smithy's marks of a number, of a list of numbers, and of a map of them. */
const number = 1;
const listOf = 64;
const mapOf = 128;

/** The shapes of `sdk`, with `double`, `doubleList` and `doubleMap` in place of numbers wherever an operation's output reaches a double or float. */
export function markDoubles(sdk: SdkModel, botocore: BotocoreModel): Map<string, PackedShape> {
  const shapes = new Map(sdk.shapes);
  const seen = new Set<string>();

  const isDouble = (name: string | undefined): boolean => {
    const type = botocore.shapes[name ?? '']?.type;
    return type === 'double' || type === 'float';
  };

  const marked = (ref: PackedRef, name: string): PackedRef => {
    const shape = botocore.shapes[name];
    if (shape === undefined) return ref;
    if (Array.isArray(ref)) return [marked(ref[0], name) as number | string, ref[1]];
    if (typeof ref === 'string') mark(ref, shape);
    else if (ref === number && isDouble(name)) return 'double';
    else if (ref === (listOf | number) && isDouble(shape.member?.shape)) return 'doubleList';
    else if (ref === (mapOf | number) && isDouble(shape.value?.shape)) return 'doubleMap';
    return ref;
  };

  const mark = (name: string, shape: BotocoreShape): void => {
    const packed = shapes.get(name);
    if (packed === undefined || seen.has(name)) return;
    seen.add(name);
    const [kind, traits, first] = packed;
    if (kind === 1 && shape.member) shapes.set(name, [1, traits, marked(first, shape.member.shape)]);
    else if (kind === 2 && shape.value) shapes.set(name, [2, traits, first, marked(packed[3], shape.value.shape)]);
    else if (kind === 3 || kind === 4 || kind === -3) {
      const members = Object.entries(first).map(([member, ref]) => {
        const known = shape.members?.[member];
        return [member, known ? marked(ref, known.shape) : ref] as const;
      });
      const [, , , required] = packed;
      const rest: [number?] = required === undefined ? [] : [required];
      shapes.set(name, [kind, traits, Object.fromEntries(members), ...rest]);
    }
  };

  for (const operation of sdk.operations) {
    const output = botocore.operations[operation.name]?.output;
    if (output && operation.output !== 'unit') mark(operation.output, botocore.shapes[output.shape]!);
  }
  return shapes;
}
