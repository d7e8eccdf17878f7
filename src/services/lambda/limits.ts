// Limits of Lambda, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.

export const limits = {
  /** Request and response of a synchronous invocation. */
  invokeRequestBytes: 6_291_456,
  /** Deployment package in the request itself. */
  zippedBytes: 52_428_800,
  unzippedBytes: 262_144_000,
  /** HTTP body of CreateFunction and its kin: a package in base64 and the rest. */
  controlRequestBytes: 70_167_211,
  environmentBytes: 4_096,
  timeoutSeconds: 900,
  memoryMib: 10_240,
  ephemeralStorageMib: 10_240,
  functionNameLength: 64,
  /** Resource policy of a function, a qualifier or a layer version. */
  policyBytes: 20_480,
  tagsPerResource: 50,
  concurrentExecutions: 1_000,
  /** Files in a deployment package; AWS states none, a machine has one. */
  packageEntries: 200_000,
  /** Folders within folders. */
  packageDepth: 100,
  pageSize: 50,
  versionsPageSize: 50,
} as const;
