// Raw HTTP of Lambda: downloads of packages by the links that operations on functions and layers hand out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CodeFolders } from './code-folders.ts';
import type { DownloadLinks } from './download-links.ts';

/** Serves a download link; false when the request is for something else. */
export function serveDownload(
  request: IncomingMessage,
  response: ServerResponse,
  downloads: DownloadLinks,
  code: CodeFolders,
): boolean {
  const sha256 = downloads.read(request.url!);
  if (sha256 === undefined) return false;
  request.resume();
  void send(request, response, sha256 === null ? undefined : code.package(sha256));
  return true;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Promise<Buffer | undefined> | undefined,
): Promise<void> {
  const found = await bytes?.catch(() => undefined);
  if (found === undefined) {
    response.writeHead(403, { 'Content-Type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>');
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': found.length });
  response.end(request.method === 'HEAD' ? undefined : found);
}
