// What a generated contract says about a service: its operations, shapes, constraints and errors, ready for codecs.
import type { StaticErrorSchema, StaticStructureSchema } from '@smithy/types';

/** The wire formats that a service may declare, in Smithy's names. */
export type ProtocolName = 'rest-json' | 'rest-xml' | 'json' | 'query' | 'ec2' | 'smithy-rpc-v2-cbor';

export interface ServiceMetadata {
  /** E.g. `2015-03-31`; part of the query protocol's requests. */
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  /** Service part of a SigV4 credential scope, e.g. `lambda`, `s3`, `monitoring`. */
  readonly signingName: string;
  /** AWS's name of the service, e.g. `CloudWatch Logs`. */
  readonly serviceId: string;
  /** In order of preference. */
  readonly protocols: readonly ProtocolName[];
  /** `1.0` or `1.1`; only of services that speak `json`. */
  readonly jsonVersion?: string;
  /** Prefix of `X-Amz-Target`, without the dot; only of services that speak `json`. */
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  /** True when errors of the json protocol also carry the query protocol's codes in `x-amzn-query-error`. */
  readonly queryCompatible?: boolean;
}

export interface HttpBinding {
  readonly method: string;
  /** Template, e.g. `/2015-03-31/functions/{FunctionName}/invocations`, with literal query parameters if any. */
  readonly uri: string;
  /** Status of a successful answer. */
  readonly status: number;
}

export interface OperationContract {
  readonly name: string;
  readonly input: StaticStructureSchema;
  readonly output: StaticStructureSchema;
  /** Present for services that speak rest-json or rest-xml. */
  readonly http?: HttpBinding;
  /** Codes of the errors that the operation declares. */
  readonly errors: readonly string[];
  readonly deprecated: boolean;
  /** True when the published model declares no input (output) shape at all. */
  readonly noInput: boolean;
  readonly noOutput: boolean;
}

export interface ErrorContract {
  /** Name of the shape: what clients match on, except over the query protocol. */
  readonly code: string;
  readonly schema: StaticErrorSchema;
  readonly status: number;
  /** Code of the query protocol, when it differs. */
  readonly queryCode?: string;
}

/** What the published API model demands of values of a shape; patterns are AWS's own spelling. */
export interface Constraint {
  /** Of a string's or list's length, a blob's bytes, a map's entries, or a number. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of numbers with a fraction, which AWS shows as `2.0`. */
  readonly double?: boolean;
  /** Names of further constraints: of a list's members, a map's keys and values. */
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
}

export interface MemberContract {
  readonly name: string;
  readonly required: boolean;
  /** Name of a constraint; absent when any value will do. */
  readonly constraint?: string;
}

export interface Contract {
  readonly service: string;
  readonly metadata: ServiceMetadata;
  readonly operations: ReadonlyMap<string, OperationContract>;
  /** Smithy namespace, e.g. `com.amazonaws.lambda`. */
  readonly namespace: string;
  /** Errors by shape name, and by the query protocol's code. */
  readonly errors: ReadonlyMap<string, ErrorContract>;
  /** Members of the structures that inputs are made of, by structure, in the order of the model. */
  readonly members: ReadonlyMap<string, readonly MemberContract[]>;
  readonly constraints: ReadonlyMap<string, Constraint>;
}
