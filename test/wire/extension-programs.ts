// Extensions for tests: programs in Node.js, and layers of them.
import * as lambda from '@aws-sdk/client-lambda';
import { type ZipEntry, zipOf } from '../zip.ts';

/** An extension in Node.js: `body` has `api(path, headers, body)`, `register(events)` and `next()`. */
export const program = (body: string): string => `#!/usr/bin/env node
const { basename } = require('node:path');
const http = require('node:http');
const name = basename(process.argv[1]);
let id;
function api(method, path, headers = {}, body) {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  return new Promise((resolve, reject) => {
    const call = http.request({ host, port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) }));
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
async function register(events, headers = {}) {
  const headersAll = { 'Lambda-Extension-Name': name, ...headers };
  const answer = await api('POST', '/2020-01-01/extension/register', headersAll, { events });
  id = answer.headers['lambda-extension-identifier'];
  return answer;
}
const own = (headers = {}) => ({ 'Lambda-Extension-Identifier': id, ...headers });
const next = async () => (await api('GET', '/2020-01-01/extension/event/next', own())).body;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => { ${body} })();
`;

/** Publishes a layer of external extensions; resolves to its ARN. */
export async function extensionLayer(
  client: lambda.LambdaClient,
  name: string,
  programs: Record<string, string>,
): Promise<string> {
  const entries = Object.entries(programs).map(
    ([file, content]): ZipEntry => ({ name: `extensions/${file}`, content, mode: 0o100755 }),
  );
  const input = { LayerName: name, Content: { ZipFile: zipOf(entries) } };
  return (await client.send(new lambda.PublishLayerVersionCommand(input))).LayerVersionArn!;
}
