// Reads the code that CreateFunction and UpdateFunctionCode bring: a package in the request or in S3, or an image's URI.
import { AwsError } from '../../core/errors.ts';
import type { ServiceCall } from '../service.ts';
import type { CodeFolders } from './code-folders.ts';
import { readImage } from './container-image.ts';
import { invalidParameter, requestTooLarge, settingNotBuilt } from './errors.ts';
import type { CodeRecord, SignatureRecord } from './function-record.ts';
import { limits } from './limits.ts';

interface PackageInput {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
  S3ObjectVersion?: string | undefined;
  S3ObjectStorageMode?: string | undefined;
}

interface CodeInput extends PackageInput {
  ImageUri?: string | undefined;
  SourceKMSKeyArn?: string | undefined;
}

/** Code that a caller named: the bytes of a package, or an image that is not looked up. */
export type CodeSource = PackageSource | { image: CodeRecord };

export interface PackageSource {
  zip: Buffer;
  sourceKmsKey: string | undefined;
  /** Who signed it, once that was verified. */
  signature?: SignatureRecord;
}

/** The code of a function with a package or, if `isImage`, with an image. Throws what AWS says of a bad source. */
export async function readCode(input: CodeInput, isImage: boolean, call: ServiceCall): Promise<CodeSource> {
  if (isImage) return { image: readImage(input.ImageUri!) };
  return { zip: await readPackage(input, call), sourceKmsKey: input.SourceKMSKeyArn };
}

/** Hands the code to `use` and keeps its package when that resolves. `before` is the code that it replaces. */
export function holdCode<T>(
  folders: CodeFolders,
  source: CodeSource,
  use: (code: CodeRecord) => Promise<T>,
  before?: CodeRecord,
): Promise<T> {
  if ('image' in source) return use(source.image);
  return folders.hold(source.zip, (code) => use(withSource(code, source)), before?.sha256);
}

/** What `holdCode` would hand over; nothing is kept. */
export async function examineCode(folders: CodeFolders, source: CodeSource): Promise<CodeRecord> {
  return 'image' in source ? source.image : withSource(await folders.examine(source.zip), source);
}

/** The package of `input`, within its limits, from the request or from S3. */
export async function readPackage(input: PackageInput, call: ServiceCall): Promise<Buffer> {
  if (input.S3Bucket === undefined && input.S3Key === undefined) return readZip(input);
  if (input.S3Bucket === undefined || input.S3Key === undefined || input.ZipFile !== undefined) {
    throw invalidParameter('Please provide a source for function code.');
  }
  if (input.S3ObjectStorageMode === 'REFERENCE') throw settingNotBuilt('S3ObjectStorageMode REFERENCE');
  return readObject(input.S3Bucket, input.S3Key, input.S3ObjectVersion, call);
}

/** The package in the request itself. */
export function readZip(input: PackageInput & { ImageUri?: string | undefined }): Buffer {
  if (input.S3Bucket !== undefined) throw settingNotBuilt('Code from S3');
  if (input.ImageUri !== undefined) throw settingNotBuilt('Code from a container image');
  if (input.ZipFile === undefined) throw invalidParameter('Please provide a source for function code.');
  if (input.ZipFile.byteLength === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (input.ZipFile.byteLength > limits.zippedBytes) {
    throw requestTooLarge(`Zipped size must be smaller than ${limits.zippedBytes} bytes`);
  }
  return asBuffer(input.ZipFile);
}

async function readObject(
  Bucket: string,
  Key: string,
  VersionId: string | undefined,
  call: ServiceCall,
): Promise<Buffer> {
  try {
    const { Body } = await call('s3', 'GetObject', { Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) });
    return await collect(Body ?? Buffer.alloc(0));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'InvalidParameterValueException') throw error;
    if (error.code === 'UnknownServiceException') throw settingNotBuilt('Code from S3');
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

/** A package in S3 may be as large as what is in it. */
async function collect(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks = body instanceof Uint8Array ? [body] : body;
  const collected: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > limits.unzippedBytes) {
      throw invalidParameter(`Unzipped size must be smaller than ${limits.unzippedBytes} bytes`);
    }
    collected.push(chunk);
  }
  return collected.length === 1 ? asBuffer(collected[0]!) : Buffer.concat(collected);
}

function withSource(code: CodeRecord, { sourceKmsKey, signature }: PackageSource): CodeRecord {
  return { ...code, ...(sourceKmsKey ? { sourceKmsKey } : {}), ...(signature === undefined ? {} : { signature }) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
