// Clients of AWS's own for a Lambent that is measured.
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';

export const account = '000000000000';
export const region = 'us-east-1';

const connection = (port: number) => ({
  endpoint: `http://127.0.0.1:${port}`,
  region,
  credentials: { accessKeyId: account, secretAccessKey: 'bench' },
});

export const lambdaClientOf = (port: number) => new LambdaClient(connection(port));
export const sqsClientOf = (port: number) => new SQSClient(connection(port));
