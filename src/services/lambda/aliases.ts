// Aliases: how AWS shows one, and the rules of what it may point to.
import type { OperationsOf } from '../../contracts/index.ts';
import { functionNotFound, invalidParameter, invalidParameterUntyped, settingNotBuilt } from './errors.ts';
import { functionArn } from './function-name.ts';
import { versionName } from './function-record.ts';
import type { AliasRecord, FunctionKey, FunctionTransaction } from './store/index.ts';
import { numberOf } from './versions.ts';

export type AliasConfiguration = OperationsOf<'lambda'>['GetAlias']['output'];
type Weights = NonNullable<AliasConfiguration['RoutingConfig']>['AdditionalVersionWeights'];

export function showAlias(key: FunctionKey, record: AliasRecord): AliasConfiguration {
  return {
    AliasArn: functionArn(key, record.alias),
    Name: record.alias,
    FunctionVersion: versionName(record.number),
    Description: record.description,
    ...(record.routing === undefined
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [record.routing.number]: record.routing.weight } } }),
    RevisionId: record.revisionId,
  };
}

/** A version and its weight as the request names them. */
export interface NamedRoute {
  version: string;
  weight: number;
}

/** The one entry of a routing configuration; undefined for an empty one. Throws InvalidParameterValueException for more. */
export function readRoute(weights: Weights): NamedRoute | undefined {
  const [first, second] = Object.entries(weights ?? {});
  if (second !== undefined) {
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  }
  return first === undefined ? undefined : { version: first[0], weight: first[1] };
}

/**
 * What an alias of `key` may point to: the numbers of `version` and of its route. Throws
 * InvalidParameterValueException for a pair that AWS refuses, ResourceNotFoundException for a version that is missing.
 */
export async function resolveTarget(
  transaction: FunctionTransaction,
  key: FunctionKey,
  version: string,
  route: NamedRoute | undefined,
): Promise<Pick<AliasRecord, 'number' | 'routing'>> {
  if (version === '$LATEST.PUBLISHED') throw settingNotBuilt('FunctionVersion $LATEST.PUBLISHED');
  if (route !== undefined && version === '$LATEST') {
    throw invalidParameterUntyped('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (route?.version === version) {
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  const number = await existing(transaction, key, version);
  if (route === undefined) return { number };
  return { number, routing: { number: await existing(transaction, key, route.version), weight: route.weight } };
}

async function existing(transaction: FunctionTransaction, key: FunctionKey, version: string): Promise<number> {
  const number = numberOf(version);
  const found = number === undefined ? undefined : await transaction.version({ ...key, number });
  if (found === undefined) throw functionNotFound(functionArn(key, version));
  return found.number;
}
