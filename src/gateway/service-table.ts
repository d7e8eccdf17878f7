// All services behind one table: a network request and a call between services end in the same place.
import { type ServiceName, loadContract } from '../contracts/index.ts';
import type { Clock } from '../core/clock.ts';
import { AwsError } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import { validate } from '../protocol/index.ts';
import type { CallContext, Caller, Operation, Service, ServiceCall, UnattendedCall } from '../services/service.ts';

export interface ServiceTableParts {
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Base URL at which this server is reached, e.g. `http://127.0.0.1:4566`. */
  endpoint(): string;
}

type Operations = Record<string, Operation<object, object>>;

export class ServiceTable {
  readonly #parts: ServiceTableParts;
  readonly #services = new Map<string, Service>();
  /** By service, once one of them was called. */
  readonly #operations = new Map<string, Operations>();

  constructor(parts: ServiceTableParts) {
    this.#parts = parts;
  }

  add(service: Service<any>): void {
    this.#services.set(service.name, service);
  }

  get(name: string): Service | undefined {
    return this.#services.get(name);
  }

  [Symbol.iterator](): Iterator<Service> {
    return this.#services.values();
  }

  /** Validates `input` and performs the operation. Throws AwsError. */
  async perform(service: Service, operation: string, input: object, context: CallContext): Promise<object> {
    const contract = await loadContract(service.name);
    const operations = this.#operations.get(service.name) ?? (await this.#load(service));
    const perform = operations[operation];
    if (perform === undefined) throw operationNotBuilt(contract.metadata.serviceId, operation);
    const skip = (service.unvalidated as Record<string, readonly string[]> | undefined)?.[operation];
    validate(contract, operation, input, skip === undefined ? {} : { skip });
    return perform(input, context);
  }

  async #load(service: Service): Promise<Operations> {
    const loaded = (await service.operations()) as Operations;
    // Of calls that came at once the first counts: a table may have state.
    const operations = this.#operations.get(service.name) ?? loaded;
    this.#operations.set(service.name, operations);
    return operations;
  }

  /** How work that no request asked for calls a service: pollers, retries, alarms. Each call is a request of its own. */
  callUnattended(call: UnattendedCall): ServiceCall {
    const { clock, ids, log, endpoint } = this.#parts;
    const context: CallContext = {
      caller: asCaller(call),
      requestId: call.requestId ?? ids.uuid(),
      clock,
      ids,
      log,
      call: (name, operation, input) => this.callAs(context)(name, operation, input),
      signal: call.signal ?? neverAborted,
      endpoint: endpoint(),
      headers: call.headers ?? {},
      responseHeaders: {},
    };
    return this.callAs(context);
  }

  /** How the service behind `context` calls others: as the same caller, under the same request id. */
  callAs(context: CallContext): ServiceCall {
    return (async (name: ServiceName, operation: string, input: object) => {
      const service = this.#services.get(name);
      if (service === undefined) throw serviceNotBuilt(name);
      return this.perform(service, operation, input, context);
    }) as ServiceCall;
  }
}

const neverAborted = new AbortController().signal;

function asCaller({ account, region, arn }: UnattendedCall): Caller {
  const root = `arn:aws:iam::${account}:root`;
  return { account, region, accessKeyId: account, arn: arn ?? root, userId: account };
}

export function serviceNotBuilt(name: string): AwsError {
  return new AwsError('UnknownServiceException', `The service '${name}' is not built in this release of Lambent.`, {
    status: 501,
  });
}

function operationNotBuilt(serviceId: string, operation: string): AwsError {
  return new AwsError(
    'NotImplementedException',
    `The operation ${operation} of ${serviceId} is not built in this release of Lambent.`,
    { status: 501 },
  );
}
