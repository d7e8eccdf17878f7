// How the APIs inside an environment answer.
import type { ServerResponse } from 'node:http';

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

export function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  answer(response, status, { errorMessage, errorType });
}

export const accepted = { status: 'OK' };
