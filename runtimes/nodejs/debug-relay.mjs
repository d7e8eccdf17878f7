// The thread that joins the platform with Node's inspector: one connection to each, for each debugger.
import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

const { port, endpoint, token } = workerData;
const [host, endpointPort] = endpoint.split(':');
const retryMs = 500;

/** Asks the platform for a debugger: the answer comes with the first byte from one. */
function offer() {
  const outward = connect(Number(endpointPort), host);
  outward.setNoDelay(true);
  outward.write(
    `GET /_lambent/debug/offer?token=${token} HTTP/1.1\r\nHost: lambent\r\nConnection: Upgrade\r\nUpgrade: lambent-debug\r\n\r\n`,
  );
  let head = Buffer.alloc(0);
  let joined = false;
  const onHead = (chunk) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    outward.off('data', onHead);
    if (head.toString('latin1', 0, 12) !== 'HTTP/1.1 101') {
      outward.destroy();
      return;
    }
    joined = true;
    offer();
    const inward = connect(port, '127.0.0.1');
    inward.setNoDelay(true);
    inward.on('error', () => outward.destroy());
    inward.on('close', () => outward.end());
    outward.on('close', () => inward.destroy());
    inward.write(head.subarray(end + 4));
    outward.pipe(inward);
    inward.pipe(outward);
  };
  outward.on('data', onHead);
  outward.on('error', () => {});
  outward.on('close', () => {
    if (!joined) setTimeout(offer, retryMs);
  });
}

offer();
