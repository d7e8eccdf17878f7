// Generates src/contracts from the SDK clients that are installed here and from AWS's published API models.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBotocoreModels } from './botocore.ts';
import { readConstraints } from './constraints.ts';
import { contractJson } from './contract-json.ts';
import { indexSource, typesSource } from './contract-types.ts';
import { readSdkModel } from './sdk-schemas.ts';

/** One line adds a service: our name of it, its npm client, and its folder in botocore. */
const services: readonly { name: string; client: string; botocore?: string }[] = [
  { name: 'cloudwatch', client: '@aws-sdk/client-cloudwatch' },
  { name: 'dynamodb', client: '@aws-sdk/client-dynamodb' },
  { name: 'iam', client: '@aws-sdk/client-iam' },
  { name: 'lambda', client: '@aws-sdk/client-lambda' },
  { name: 'logs', client: '@aws-sdk/client-cloudwatch-logs' },
  { name: 's3', client: '@aws-sdk/client-s3' },
  { name: 'service-quotas', client: '@aws-sdk/client-service-quotas' },
  { name: 'sns', client: '@aws-sdk/client-sns' },
  { name: 'sqs', client: '@aws-sdk/client-sqs' },
  { name: 'sts', client: '@aws-sdk/client-sts' },
  { name: 'xray', client: '@aws-sdk/client-xray' },
];

const root = join(import.meta.dirname, '../..');
const target = join(root, 'src/contracts');

const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const declared = { ...dependencies, ...devDependencies };
const installed = services.filter((service) => {
  if (declared[service.client] && existsSync(join(root, 'node_modules', service.client))) return true;
  console.error(`${service.name}: skipped, ${service.client} is no dependency`);
  return false;
});

const models = await readBotocoreModels(
  installed.map((service) => service.botocore ?? service.name),
  join(root, 'node_modules/.cache/lambent-generate'),
);
for (const service of installed) {
  const sdk = readSdkModel(await import(service.client));
  const botocore = models.get(service.botocore ?? service.name)!;
  const constraints = readConstraints(sdk, botocore);
  for (const problem of constraints.problems) console.error(`${service.name}: ${problem}`);
  writeFileSync(join(target, `${service.name}.json`), contractJson(service.name, sdk, botocore, constraints));
  writeFileSync(join(target, `${service.name}.ts`), typesSource(service.client, sdk));
}
writeFileSync(join(target, 'services.ts'), indexSource(installed.map((service) => service.name)));
