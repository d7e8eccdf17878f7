// Reads the code that CreateFunction and UpdateFunctionCode bring.
import { invalidParameter, requestTooLarge, settingNotBuilt } from './errors.ts';
import { limits } from './limits.ts';

interface CodeInput {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  ImageUri?: string | undefined;
}

/** The package of `input`, within its limits. */
export function readZip(input: CodeInput): Buffer {
  if (input.S3Bucket !== undefined) throw settingNotBuilt('Code from S3');
  if (input.ImageUri !== undefined) throw settingNotBuilt('Code from a container image');
  if (input.ZipFile === undefined) throw invalidParameter('Please provide a source for function code.');
  if (input.ZipFile.byteLength === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (input.ZipFile.byteLength > limits.zippedBytes) {
    throw requestTooLarge(`Zipped size must be smaller than ${limits.zippedBytes} bytes`);
  }
  return Buffer.from(input.ZipFile.buffer, input.ZipFile.byteOffset, input.ZipFile.byteLength);
}
