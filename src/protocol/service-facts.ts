// What differs between AWS services on the wire and is stated in no model: one row a service.

export interface ServiceFacts {
  /** Code of a failed validation. */
  validationCode: string;
  /** Code of a body that is no JSON at all. */
  malformedJsonCode: string;
  /** Namespace before `#` in a json error's `__type`; absent: the bare code. */
  errorNamespace?: string;
  /** Where the published model lacks it. */
  xmlNamespace?: string;
  /** True when older clients speak the query protocol though the model no longer names it. */
  speaksQuery?: boolean;
  /** True where validation texts name the member and leave its value out. */
  valuesOmitted?: boolean;
  /** True where errors of the client have status 400, also those that the model gives another. */
  plainStatus?: boolean;
  /** Codes that the query protocol has for errors which no model names, by what the json protocol calls them. */
  queryCodes?: Readonly<Record<string, string>>;
  /** Texts that the query protocol words in its own way, by the error's shape. */
  queryMessages?: Readonly<Record<string, string>>;
  /** True where errors of the query protocol end with an empty `<Detail/>`. */
  queryDetail?: boolean;
  /** The input member that the URL of a query protocol request stands for, when the form does not hold it. */
  urlMember?: string;
  /** Operations of the query protocol that the URL of a resource does not take. */
  rootActions?: readonly string[];
  /** True for S3: errors without `<ErrorResponse>` around them, its own request id headers. */
  s3?: boolean;
}

const defaults: ServiceFacts = { validationCode: 'ValidationException', malformedJsonCode: 'SerializationException' };

const rows: Record<string, Partial<ServiceFacts>> = {
  lambda: { malformedJsonCode: 'InvalidRequestContentException' },
  iam: { validationCode: 'ValidationError', valuesOmitted: true },
  sts: { validationCode: 'ValidationError' },
  sns: { validationCode: 'ValidationError' },
  cloudwatch: { validationCode: 'ValidationError', errorNamespace: 'com.amazonaws.cloudwatch.v2010_08_01' },
  logs: { validationCode: 'InvalidParameterException' },
  // Recorded: QuotaExceededException, modelled as 409, comes with 400.
  'service-quotas': { plainStatus: true },
  sqs: {
    validationCode: 'InvalidParameterValueException',
    errorNamespace: 'com.amazonaws.sqs',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    speaksQuery: true,
    // Recorded, as are the texts.
    queryCodes: {
      InvalidParameterValueException: 'InvalidParameterValue',
      MissingRequiredParameterException: 'MissingParameter',
    },
    queryMessages: { QueueDoesNotExist: 'The specified queue does not exist for this wsdl version.' },
    queryDetail: true,
    urlMember: 'QueueUrl',
    rootActions: ['CreateQueue', 'ListQueues'],
  },
  dynamodb: { errorNamespace: 'com.amazonaws.dynamodb.v20120810' },
  s3: { validationCode: 'InvalidArgument', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/', s3: true },
};

const facts = new Map(Object.entries(rows).map(([service, row]) => [service, { ...defaults, ...row }]));

export function factsOf(service: string): ServiceFacts {
  return facts.get(service) ?? defaults;
}
