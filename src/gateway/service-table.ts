// All services behind one table: a network request and a call between services end in the same place.
import { type ServiceName, loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { validate } from '../protocol/index.ts';
import type { CallContext, Operation, Service, ServiceCall } from '../services/service.ts';

export class ServiceTable {
  readonly #services = new Map<string, Service>();

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
    const perform = (service.operations as Record<string, Operation<object, object>>)[operation];
    if (perform === undefined) throw operationNotBuilt(contract.metadata.serviceId, operation);
    const skip = (service.unvalidated as Record<string, readonly string[]> | undefined)?.[operation];
    validate(contract, operation, input, skip === undefined ? {} : { skip });
    return perform(input, context);
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
