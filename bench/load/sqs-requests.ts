// The bytes of SQS requests in the json protocol, as an SDK sends them but for the signature.

export function sqsRequest(port: number, operation: string, input: object): Buffer {
  const body = JSON.stringify(input);
  const head = [
    'POST / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    `X-Amz-Target: AmazonSQS.${operation}`,
    'Content-Type: application/x-amz-json-1.0',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
