// A port of 127.0.0.1 for datagrams and connections alike, as an X-Ray daemon has one.
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

export interface OpenPort {
  port: number;
  datagrams: DatagramSocket;
  /** Listening already. */
  connections: Server;
}

/** How often another free port is tried when what is free for datagrams is not for connections. */
const mostTries = 10;

/** `wanted` is 0 for any that is free. Rejects when it is in use. */
export async function openPort(wanted: number): Promise<OpenPort> {
  for (let tries = 1; ; tries++) {
    const datagrams = createSocket('udp4');
    const connections = createServer();
    try {
      datagrams.bind(wanted, '127.0.0.1');
      await once(datagrams, 'listening');
      const { port } = datagrams.address();
      connections.listen(port, '127.0.0.1');
      await once(connections, 'listening');
      return { port, datagrams, connections };
    } catch (error) {
      closePort({ datagrams, connections });
      if (wanted !== 0 || tries === mostTries) throw error;
    }
  }
}

/** Idempotent. */
export function closePort({ datagrams, connections }: Pick<OpenPort, 'datagrams' | 'connections'>): void {
  try {
    datagrams.close();
  } catch {
    // It is closed already.
  }
  connections.close();
}
