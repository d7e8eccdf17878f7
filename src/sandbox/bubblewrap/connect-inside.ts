// Run in a sandbox's network namespace, outside of all else of it: connects to a port there and hands the connection over.
// Arguments: the port.
import { connectToPort } from '../connect-to-port.ts';

try {
  const socket = await connectToPort(Number(process.argv[2]));
  process.send!({ connected: true }, socket, undefined, () => process.disconnect());
} catch (error) {
  process.send!({ connected: false, reason: (error as Error).message }, () => process.disconnect());
}
