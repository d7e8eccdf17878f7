// Finds the operation that an HTTP method, path and query name, by the URI templates of a contract.
import { NormalizedSchema } from '@smithy/core/schema';
import type { Contract, OperationContract } from '../contracts/contract.ts';
import { compiledOnce } from './compiled-once.ts';
import type { RequestHead } from './types.ts';

export interface RouteMatch {
  operation: OperationContract;
  /** Still percent-encoded, by member name. */
  labels: Record<string, string>;
}

interface Route {
  operation: OperationContract;
  labelNames: string[];
  /** Parameters of the template, as `name` or `name=value`; `x-id`, which only some clients send, is kept apart. */
  literals: string[];
  xId: string | undefined;
  requiredQuery: string[];
  requiredHeaders: string[];
}

interface Node {
  literal: Map<string, Node>;
  label: Node | undefined;
  /** Routes that take the rest of the path as their last label. */
  greedy: Route[];
  routes: Route[];
}

const rootsOf = compiledOnce(compileRoutes);

/** Undefined when nothing matches. A trailing slash is ignored unless it belongs to a greedy label. */
export function matchRoute(contract: Contract, request: RequestHead): RouteMatch | undefined {
  const root = rootsOf(contract).get(request.method);
  if (!root) return undefined;
  const segments = request.path.split('/');
  segments.shift();
  return walk(root, segments, 0, [], request);
}

function walk(
  node: Node,
  segments: string[],
  index: number,
  labels: string[],
  request: RequestHead,
): RouteMatch | undefined {
  const segment = segments[index];
  if (segment === undefined || (segment === '' && index === segments.length - 1)) {
    return choose(node.routes, labels, request);
  }
  const literal = node.literal.get(segment);
  if (literal) {
    const match = walk(literal, segments, index + 1, labels, request);
    if (match) return match;
  }
  if (node.label && segment !== '') {
    const match = walk(node.label, segments, index + 1, [...labels, segment], request);
    if (match) return match;
  }
  if (node.greedy.length > 0) return choose(node.greedy, [...labels, segments.slice(index).join('/')], request);
  return undefined;
}

/** Among routes of one path: literal parameters must be there; then the most specific whose required members are there too. */
function choose(routes: Route[], labels: string[], request: RequestHead): RouteMatch | undefined {
  const only = routes[0];
  if (only === undefined) return undefined;
  if (routes.length === 1 && only.literals.length === 0) return matched(only, labels);
  const parameters = new Set<string>();
  for (const part of request.query.split('&')) {
    parameters.add(part.endsWith('=') ? part.slice(0, -1) : part);
    parameters.add(part.split('=', 1)[0]!);
  }
  let best: Route | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const route of routes) {
    if (!route.literals.every((literal) => parameters.has(literal))) continue;
    const required = route.requiredQuery.length + route.requiredHeaders.length;
    const missing =
      route.requiredQuery.filter((name) => !parameters.has(name)).length +
      route.requiredHeaders.filter((name) => request.headers[name] === undefined).length;
    let score = route.literals.length * 10 + required - missing * 100;
    if (route.xId !== undefined && parameters.has(`x-id=${route.xId}`)) score += 1000;
    if (score > bestScore) {
      best = route;
      bestScore = score;
    }
  }
  return best && matched(best, labels);
}

function matched(route: Route, values: string[]): RouteMatch {
  const labels: Record<string, string> = {};
  for (let i = 0; i < values.length; i++) labels[route.labelNames[i]!] = values[i]!;
  return { operation: route.operation, labels };
}

function compileRoutes(contract: Contract): Map<string, Node> {
  const byMethod = new Map<string, Node>();
  for (const operation of contract.operations.values()) {
    if (!operation.http) continue;
    const { method, uri } = operation.http;
    const [path = '', query = ''] = uri.split('?', 2);
    const route = compileRoute(contract, operation, query);
    let node = childOf(byMethod, method);
    let greedy = false;
    for (const segment of path.split('/').filter((part) => part !== '')) {
      const label = /^\{([^}+]+)(\+?)\}$/.exec(segment);
      if (label) route.labelNames.push(label[1]!);
      if (label?.[2] === '+') {
        greedy = true;
      } else if (label) {
        node.label ??= emptyNode();
        node = node.label;
      } else {
        node = childOf(node.literal, segment);
      }
    }
    (greedy ? node.greedy : node.routes).push(route);
  }
  return byMethod;
}

function compileRoute(contract: Contract, operation: OperationContract, query: string): Route {
  const parameters = query.split('&').filter((part) => part !== '');
  const route: Route = {
    operation,
    labelNames: [],
    literals: parameters.filter((part) => !part.startsWith('x-id=')),
    xId: parameters.find((part) => part.startsWith('x-id='))?.slice('x-id='.length),
    requiredQuery: [],
    requiredHeaders: [],
  };
  const schema = NormalizedSchema.of(operation.input);
  for (const member of contract.members.get(operation.input[2]) ?? []) {
    if (!member.required) continue;
    const traits = schema.getMemberSchema(member.name)?.getMemberTraits();
    if (traits?.httpQuery) route.requiredQuery.push(traits.httpQuery);
    if (traits?.httpHeader) route.requiredHeaders.push(traits.httpHeader.toLowerCase());
  }
  return route;
}

function childOf(nodes: Map<string, Node>, name: string): Node {
  let node = nodes.get(name);
  if (!node) {
    node = emptyNode();
    nodes.set(name, node);
  }
  return node;
}

function emptyNode(): Node {
  return { literal: new Map(), label: undefined, greedy: [], routes: [] };
}
