// Connects to a port of this machine, as the sandboxes see it that share its network.
import { connect, type Socket } from 'node:net';

export function connectToPort(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
