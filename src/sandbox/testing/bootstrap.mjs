// A small runtime for the drivers' tests: boots as the real ones do, then evaluates what `invoke` frames ask of it.
import { readFileSync, writeSync } from 'node:fs';
import { createServer, Socket } from 'node:net';

const listen = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

async function handOver(name, port) {
  const server = await listen(port);
  const message = { server: name, port: server.address().port };
  await new Promise((resolve) => process.send(message, server, undefined, resolve));
  server.close();
}

await handOver('runtimeApi', Number(process.env.LAMBENT_RUNTIME_API_PORT));
await handOver('endpoint', Number(process.env.LAMBENT_ENDPOINT_PORT));
process.disconnect();
for (const name of Object.keys(process.env)) if (/^(LAMBENT_|NODE_CHANNEL_)/.test(name)) delete process.env[name];

const channel = new Socket({ fd: 3, readable: true, writable: true });

function send(type, value) {
  const body = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + body.length);
  head[4] = type;
  channel.write(Buffer.concat([head, body]));
}

const AsyncFunction = (async () => {}).constructor;

async function serve(type, body) {
  if (type === 1) {
    const { env, taskRoot } = JSON.parse(body);
    Object.assign(process.env, env);
    process.chdir(taskRoot);
    send(17, {});
  } else if (type === 2) {
    const { code } = JSON.parse(body);
    try {
      const tools = { require: process.getBuiltinModule, readFileSync, writeSync };
      send(18 + 1, { value: await new AsyncFunction(...Object.keys(tools), code)(...Object.values(tools)) });
    } catch (error) {
      send(20, { message: String(error.message), code: error.code });
    }
  }
}

let buffered = Buffer.alloc(0);
channel.on('data', (chunk) => {
  buffered = Buffer.concat([buffered, chunk]);
  while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUInt32BE()) {
    const end = 4 + buffered.readUInt32BE();
    void serve(buffered[4], buffered.toString('utf8', 5, end));
    buffered = buffered.subarray(end);
  }
});
channel.on('end', () => process.exit(0));
send(16, {});
