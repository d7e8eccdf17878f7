// Cross-origin requests to a function URL, by the URL's own configuration, which goes before what the function says.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
import type { FunctionUrlConfig } from '../url-configs.ts';

type Cors = NonNullable<FunctionUrlConfig['Cors']>;
type Headers = [name: string, value: string][];

/** Names of the headers that a configuration speaks for, in lower case. */
export const corsHeaderNames: ReadonlySet<string> = new Set([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'access-control-max-age',
]);

/** What goes with the answer to a request of `origin`; nothing for an origin that is not allowed. */
export function corsHeaders(cors: Cors, origin: string | undefined): Headers {
  if (origin === undefined || !allows(cors.AllowOrigins, origin, false)) return [];
  const exposed = cors.ExposeHeaders ?? [];
  return [
    ...originHeaders(cors, origin),
    ...(exposed.length > 0 ? ([['Access-Control-Expose-Headers', exposed.join(',')]] as Headers) : []),
  ];
}

/** The answer to a preflight request: a browser asks whether it may send another one. */
export function preflightHeaders(
  cors: Cors,
  origin: string | undefined,
  method: string | undefined,
  headers: string | undefined,
): Headers {
  if (origin === undefined || method === undefined) return [];
  if (!allows(cors.AllowOrigins, origin, false) || !allows(cors.AllowMethods, method, false)) return [];
  const asked = (headers ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (!asked.every((name) => allows(cors.AllowHeaders, name, true))) return [];
  return [
    ...originHeaders(cors, origin),
    ['Access-Control-Allow-Methods', listed(cors.AllowMethods, method)],
    ...(asked.length > 0 ? ([['Access-Control-Allow-Headers', asked.join(',')]] as Headers) : []),
    ...(cors.MaxAge === undefined ? [] : ([['Access-Control-Max-Age', String(cors.MaxAge)]] as Headers)),
  ];
}

function originHeaders(cors: Cors, origin: string): Headers {
  const isOpen = cors.AllowOrigins?.includes('*') === true && cors.AllowCredentials !== true;
  return [
    ['Access-Control-Allow-Origin', isOpen ? '*' : origin],
    ...(isOpen ? [] : ([['Vary', 'Origin']] as Headers)),
    ...(cors.AllowCredentials === true ? ([['Access-Control-Allow-Credentials', 'true']] as Headers) : []),
  ];
}

function listed(allowed: string[] | undefined, asked: string): string {
  return allowed === undefined || allowed.includes('*') ? asked : allowed.join(',');
}

function allows(allowed: string[] | undefined, asked: string, ignoreCase: boolean): boolean {
  const same = (text: string) => (ignoreCase ? text.toLowerCase() === asked.toLowerCase() : text === asked);
  return allowed?.some((each) => each === '*' || same(each)) ?? false;
}
