// File systems of functions: the operator maps the ARN of an access point to a folder of this machine.
import type { OperationsOf } from '../../contracts/index.ts';
import { fileSystemNotMounted, invalidParameter, settingNotBuilt } from './errors.ts';
import type { FileSystemRecord } from './function-record.ts';

type Input = NonNullable<OperationsOf<'lambda'>['UpdateFunctionConfiguration']['input']['FileSystemConfigs']>;

/** Folders of this machine by the ARNs that stand for them. */
export type FileSystemFolders = Readonly<Record<string, string>>;

/** Undefined for an empty list. Throws InvalidParameterValueException for an ARN without a folder. */
export function readFileSystem(input: Input, folders: FileSystemFolders): FileSystemRecord | undefined {
  const [config] = input;
  if (config === undefined) return undefined;
  const arn = config.Arn!;
  if (config.S3FilesConfig !== undefined) throw settingNotBuilt('S3FilesConfig');
  if (folders[arn] === undefined) throw invalidParameter(unmapped(arn));
  return { arn, mountPath: config.LocalMountPath! };
}

/** What AWS checks of a function with both. */
export function checkFileSystem(
  fileSystem: FileSystemRecord | undefined,
  before: FileSystemRecord | undefined,
  inVpc: boolean,
): void {
  if (fileSystem === undefined || inVpc) return;
  if (before?.arn === fileSystem.arn) {
    throw invalidParameter(
      `Function VPC configuration cannot be removed with access point ${fileSystem.arn} referenced.`,
    );
  }
  throw invalidParameter(
    `Function must be configured to execute in a VPC to reference access point ${fileSystem.arn}.`,
  );
}

/** The folder to mount for an invocation. Throws EFSMountFailureException when its mapping is gone. */
export function folderToMount({ arn, mountPath }: FileSystemRecord, folders: FileSystemFolders) {
  const folder = folders[arn];
  if (folder === undefined) throw fileSystemNotMounted(unmapped(arn));
  return { folder, mountPath };
}

const unmapped = (arn: string) =>
  `No folder of this machine stands for the file system ${arn}. Start Lambent with --file-system ${arn}=FOLDER.`;
