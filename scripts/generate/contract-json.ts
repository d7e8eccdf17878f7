// Writes what is known of a service as one compact JSON file, in an order that depends on nothing but the models.
import type { BotocoreModel, BotocoreShape } from './botocore.ts';
import type { PackedConstraints } from './constraints.ts';
import { markDoubles } from './doubles.ts';
import type { PackedRef, SdkModel } from './sdk-schemas.ts';

export function contractJson(
  service: string,
  sdk: SdkModel,
  botocore: BotocoreModel,
  constraints: PackedConstraints,
): string {
  const operations = Object.fromEntries(
    sdk.operations.map((operation) => [operation.name, packOperation(operation.name)]),
  );

  function packOperation(name: string): object {
    const operation = sdk.operations.find((each) => each.name === name)!;
    const fact = botocore.operations[name];
    const http = operation.traits.http;
    return {
      input: operation.input,
      output: operation.output,
      ...(http && { http: [http[0], requestUri(sdk, operation.input, http[1], fact?.http?.requestUri), http[2]] }),
      errors: (fact?.errors ?? []).map((error) => error.shape).sort(),
      ...(fact?.deprecated && { deprecated: true }),
      ...(!fact?.input && { noInput: true }),
      ...(!fact?.output && { noOutput: true }),
    };
  }

  const errors: Record<string, object> = {};
  for (const [name, shape] of [...sdk.shapes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (shape[0] === -3)
      errors[name] = packError(name, shape[1] as Record<string, any> | number, botocore.shapes[name]);
  }
  const { metadata } = botocore;
  const sections: Record<string, unknown> = {
    service,
    namespace: sdk.namespace,
    metadata: {
      apiVersion: metadata.apiVersion,
      endpointPrefix: metadata.endpointPrefix,
      signingName: metadata.signingName ?? metadata.endpointPrefix,
      serviceId: metadata.serviceId,
      protocols: metadata.protocols ?? [metadata.protocol],
      jsonVersion: metadata.jsonVersion,
      targetPrefix: metadata.targetPrefix,
      xmlNamespace: metadata.xmlNamespace,
      queryCompatible: metadata.awsQueryCompatible ? true : undefined,
    },
    operations,
    errors,
    shapes: Object.fromEntries([...markDoubles(sdk, botocore)].sort(([a], [b]) => (a < b ? -1 : 1))),
    members: constraints.members,
    constraints: constraints.constraints,
  };
  return stringify(sections);
}

function packError(name: string, traits: Record<string, any> | number, fact: BotocoreShape | undefined): object {
  const own = typeof traits === 'object' ? traits : {};
  const fault = own['error'] === 'server' || fact?.fault === true;
  const status: number = fact?.error?.httpStatusCode ?? own['httpError'] ?? (fault ? 500 : 400);
  const queryCode: string | undefined = own['awsQueryError']?.[0] ?? fact?.error?.code;
  return queryCode !== undefined && queryCode !== name ? { status, queryCode } : { status };
}

/** S3's clients move the bucket out of the template into the endpoint; the published model still has it. */
function requestUri(sdk: SdkModel, input: string, uri: string, published: string | undefined): string {
  const shape = sdk.shapes.get(input);
  if (shape?.[0] !== 3 || published === undefined) return uri;
  const labels = Object.entries(shape[2]).filter(([, ref]) => isLabel(ref));
  return labels.every(([name]) => uri.includes(`{${name}}`) || uri.includes(`{${name}+}`)) ? uri : published;
}

function isLabel(ref: PackedRef): boolean {
  if (!Array.isArray(ref)) return false;
  const traits = ref[1] as number | { httpLabel?: 1 };
  return typeof traits === 'number' ? (traits & 1) === 1 : traits.httpLabel === 1;
}

/** One line for each entry of a section, so that a new release of a model shows as a small difference. */
function stringify(sections: Record<string, unknown>): string {
  const parts = Object.entries(sections).map(([key, value]) => {
    if (typeof value !== 'object' || value === null || key === 'metadata')
      return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    const lines = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    return `${JSON.stringify(key)}:{\n${lines.join(',\n')}\n}`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}
