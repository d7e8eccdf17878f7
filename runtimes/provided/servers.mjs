// The same as in ../nodejs, which a sandbox does not see: hands the platform listening sockets from inside the sandbox.
import { createServer } from 'node:net';

/** Listens at both ports, gives the servers to the parent over the IPC channel, and closes that channel. */
export async function handOverServers() {
  await handOver('runtimeApi', Number(process.env.LAMBENT_RUNTIME_API_PORT ?? 0));
  await handOver('endpoint', Number(process.env.LAMBENT_ENDPOINT_PORT ?? 0));
  await new Promise((resolve) => {
    process.once('disconnect', resolve);
    process.disconnect();
  });
}

function handOver(name, wantedPort) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wantedPort, '127.0.0.1', () => {
      // Closing before the parent has acknowledged the handle could lose it, and the acknowledgement has no public event.
      const onInternal = (message) => {
        if (message.cmd !== 'NODE_HANDLE_ACK') return;
        process.off('internalMessage', onInternal);
        server.close(() => resolve());
      };
      process.on('internalMessage', onInternal);
      process.send({ server: name, port: server.address().port }, server, (error) => error && reject(error));
    });
  });
}
