// Run in a sandbox's network namespace, outside of all else of it: opens a port there and hands it over.
// Arguments: the port.
import { closePort, openPort } from '../open-port.ts';

try {
  const open = await openPort(Number(process.argv[2]));
  process.send!({ part: 'datagrams' }, open.datagrams);
  process.send!({ part: 'connections' }, open.connections, undefined, () => {
    closePort(open);
    process.disconnect();
  });
} catch (error) {
  process.send!({ reason: (error as Error).message }, () => process.disconnect());
}
