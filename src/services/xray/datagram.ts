// What programs send to an X-Ray daemon: a line that tells the format, and a segment behind it.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon

/** The segments in a datagram, as JSON text; none where it is no datagram of that kind. */
export function segmentsOfDatagram(datagram: Buffer): string[] {
  const end = datagram.indexOf(0x0a);
  if (end === -1 || !isHeader(datagram.toString('utf8', 0, end))) return [];
  const text = datagram.toString('utf8', end + 1).trim();
  return text === '' ? [] : [text];
}

function isHeader(line: string): boolean {
  try {
    const { format, version } = JSON.parse(line);
    return format === 'json' && version === 1;
  } catch {
    return false;
  }
}
