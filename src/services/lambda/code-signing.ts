// Code signing configurations: how AWS names and shows them, and what they say to code that is deployed.
import type { OperationsOf } from '../../contracts/index.ts';
import { formatArn, parseArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import type { CallContext, Caller } from '../service.ts';
import type { CodeSource } from './code-input.ts';
import { judgeSignature, signaturePath } from './code-signature.ts';
import { hashDeploymentPackage } from './deployment-package.ts';
import { invalidParameter } from './errors.ts';
import { formatLastModified } from './function-configuration.ts';
import type { SignatureRecord } from './function-record.ts';
import type { Lambda } from './lambda.ts';
import { parseLayerVersionArn } from './layer-name.ts';
import { checkLayerAccess } from './layer-version.ts';
import type { CodeSigningConfigRecord, FunctionKey, FunctionTransaction } from './store/index.ts';

type ShownConfig = NonNullable<OperationsOf<'lambda'>['GetCodeSigningConfig']['output']['CodeSigningConfig']>;

export function configArn({ account, region }: { account: string; region: string }, id: string): string {
  return formatArn('lambda', region, account, `code-signing-config:${id}`);
}

/** The id that an ARN names; undefined for one of another account or region. */
export function configIdOf(arn: string, { account, region }: Caller): string | undefined {
  const parsed = parseArn(arn);
  if (parsed?.account !== account || parsed.region !== region) return undefined;
  return /^code-signing-config:(.+)$/.exec(parsed.resource)?.[1];
}

/** AWS sends this one without Type. */
export const configNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', `The Lambda code signing configuration ${arn} can not be found.`, {
    status: 404,
    members: { Type: null },
  });

/** Where a function is to have it. */
export const configToAttachNotFound = (arn: string) =>
  new AwsError(
    'CodeSigningConfigNotFoundException',
    `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${arn}.`,
    { status: 404, members: { Type: 'User' } },
  );

/** The configuration of an ARN. Throws `notFound`. */
export async function findConfig(
  { codeSigning }: Pick<FunctionTransaction, 'codeSigning'>,
  arn: string,
  caller: Caller,
  notFound: (arn: string) => Error = configNotFound,
): Promise<CodeSigningConfigRecord> {
  const id = configIdOf(arn, caller);
  const record = id === undefined ? undefined : await codeSigning.get(caller.account, caller.region, id);
  if (record === undefined) throw notFound(arn);
  return record;
}

export function showConfig(record: CodeSigningConfigRecord, caller: Caller): ShownConfig {
  return {
    CodeSigningConfigId: record.id,
    CodeSigningConfigArn: configArn(caller, record.id),
    Description: record.description,
    AllowedPublishers: { SigningProfileVersionArns: record.publishers },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: record.policy },
    LastModified: formatLastModified(record.lastModified),
  };
}

export const notForImages = () =>
  invalidParameter('Code signing is not supported for functions created with container images.');

/** The configuration that a new function is to have. Throws CodeSigningConfigNotFoundException. */
export async function signingOfNew(
  lambda: Lambda,
  arn: string | undefined,
  caller: Caller,
): Promise<CodeSigningConfigRecord | undefined> {
  // An empty one is as good as none, as the pattern of the contract says.
  return arn ? findConfig(lambda.store, arn, caller, configToAttachNotFound) : undefined;
}

/** The configuration that a function has. */
export async function signingOf({ store }: Lambda, key: FunctionKey): Promise<CodeSigningConfigRecord | undefined> {
  const id = await store.codeSigning.of(key);
  return id === undefined ? undefined : store.codeSigning.get(key.account, key.region, id);
}

/**
 * `source` as it may be deployed to the function `name` under `config`, with who signed it. Throws
 * InvalidCodeSignatureException for a package that is not what was signed, CodeVerificationFailedException for one that no
 * allowed publisher signed where the policy is Enforce.
 */
export async function judged(
  lambda: Lambda,
  config: CodeSigningConfigRecord | undefined,
  name: string,
  source: CodeSource,
  context: CallContext,
): Promise<CodeSource> {
  if (config === undefined) return source;
  if ('image' in source) throw notForImages();
  const signature = await judge(lambda, config, name, source.zip, context);
  return signature === undefined ? source : { ...source, signature };
}

/** The same for layers that the function is to have; one that is not there is told elsewhere. */
export async function judgeLayers(
  lambda: Lambda,
  config: CodeSigningConfigRecord | undefined,
  name: string,
  arns: readonly string[] | undefined,
  context: CallContext,
): Promise<void> {
  if (config === undefined) return;
  for (const arn of arns ?? []) {
    const layer = parseLayerVersionArn(arn);
    if (layer === undefined) continue;
    const version = await lambda.store.layers.get(layer, layer.number);
    if (version === undefined) continue;
    checkLayerAccess(layer, layer.number, version, context.caller);
    const zip = await lambda.code.package(version.code.sha256);
    if (zip !== undefined) await judge(lambda, config, name, zip, context);
  }
}

async function judge(
  lambda: Lambda,
  config: CodeSigningConfigRecord,
  name: string,
  zip: Buffer,
  { clock, log }: CallContext,
): Promise<SignatureRecord | undefined> {
  const { hashes, signature } = await hashDeploymentPackage(zip, signaturePath);
  const verdict = judgeSignature(hashes, signature, config.publishers, lambda.signingCertificates, clock.now());
  if (verdict.is === 'trusted') {
    const { profileVersionArn, jobArn } = verdict;
    return { profileVersionArn, ...(jobArn === undefined ? {} : { jobArn }) };
  }
  log.warn({ function: name, config: config.id, why: verdict.why }, 'a package that is not trusted was to be deployed');
  if (verdict.is === 'broken') throw invalidCodeSignature(name);
  if (config.policy === 'Enforce') throw codeVerificationFailed(name);
  return undefined;
}

const invalidCodeSignature = (name: string) =>
  new AwsError(
    'InvalidCodeSignatureException',
    `Lambda cannot deploy the function. The function or layer failed the integrity check of its code signature. Check the provided signature for ${name}.`,
    { members: { Type: 'User' } },
  );

const codeVerificationFailed = (name: string) =>
  new AwsError(
    'CodeVerificationFailedException',
    `Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for ${name}.`,
    { members: { Type: 'User' } },
  );
