// Limits of Lambda, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.

export const limits = {
  /** Request and response of a synchronous invocation. */
  invokeRequestBytes: 6_291_456,
  /** Deployment package in the request itself. */
  zippedBytes: 52_428_800,
  /** Of a package, and of a function's code and layers together. */
  unzippedBytes: 262_144_000,
  layersPerFunction: 5,
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
  /** Stays for functions without a reservation, https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html. */
  unreservedConcurrencyMinimum: 100,
  /** Functions and layers of an account in a region. */
  codeStorageBytes: 322_122_547_200,
  /** Request of an asynchronous invocation. */
  asynchronousRequestBytes: 1_048_576,
  /** Of one function in a chain, https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html. */
  invocationsOfOneChain: 16,
  /** Of a VPC with functions, https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html. */
  networkInterfacesPerVpc: 500,
  /** Files in a deployment package; AWS states none, a machine has one. */
  packageEntries: 200_000,
  /** Folders within folders. */
  packageDepth: 100,
  /** Filters of an event source mapping, https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html. */
  mappingFilters: 5,
  /** Batch of a FIFO queue, and of any queue without a batching window, https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html. */
  mappingFifoBatch: 10,
  mappingsPageSize: 100,
  pageSize: 50,
  versionsPageSize: 50,
} as const;
