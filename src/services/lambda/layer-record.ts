// What is kept of a layer version, and of the layers that a function version has.
import { createHash } from 'node:crypto';
import type { CodeRecord } from './function-record.ts';
import type { PolicyDocument } from './resource-policy.ts';

export interface LayerVersionRecord {
  number: number;
  description: string;
  /** Absent when never given; empty when given empty. */
  runtimes?: string[];
  architectures?: string[];
  licenseInfo?: string;
  /** Epoch milliseconds. */
  created: number;
  code: CodeRecord;
  /** Who else may use it. */
  policy?: { document: PolicyDocument; revisionId: string };
}

/** A layer as a function version has it, which does not depend on whether the layer version is there still. */
export interface AttachedLayer {
  /** ARN of the layer version. */
  arn: string;
  code: CodeRecord;
}

/** Packages of layers in the order in which they are laid over each other. */
export function packagesOf(layers: readonly AttachedLayer[] | undefined): string[] {
  return (layers ?? []).map(({ code }) => code.sha256);
}

/** Names what comes out of laying packages over each other, in this order. */
export function stackOf(packages: readonly string[]): string {
  return createHash('sha256').update(packages.join(',')).digest('hex');
}
