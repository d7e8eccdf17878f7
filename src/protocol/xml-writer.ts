// Writes structures as XML, by the SDK's own codec.
import { XmlCodec } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { doubleText, withDoubles } from './doubles.ts';

const codecs = new Map<string, ReturnType<XmlCodec['createSerializer']>>();

/** One element, named and namespaced by the schema; `xmlNamespace` applies where the schema names none. */
export function writeXml(schema: $SchemaRef, value: object, xmlNamespace: string | undefined): string {
  const key = xmlNamespace ?? '';
  let serializer = codecs.get(key);
  if (!serializer) {
    serializer = new XmlCodec({
      timestampFormat: { useTrait: true, default: 5 },
      httpBindings: true,
      xmlNamespace: xmlNamespace ?? '',
      serviceNamespace: '',
    }).createSerializer();
    codecs.set(key, serializer);
  }
  serializer.write(NormalizedSchema.of(schema as never), withDoubles(schema, value, doubleText));
  return String(serializer.flush());
}

export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"\r]/g,
    (char) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', '\r': '#xD' }[char]};`,
  );
}
