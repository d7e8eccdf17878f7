// Who holds an access key, answered from memory: the gateway asks for every request.
import { identityArn } from './identities.ts';
import type { IamStore } from './store/index.ts';

export interface AccessKeyHolder {
  /** Twelve digits. */
  account: string;
  /** E.g. `arn:aws:iam::000000000000:user/name`. */
  arn: string;
  userId: string;
  /** Secret access key. */
  secret: string;
}

/** Keys that nobody holds are remembered too; whoever sends many of them must not fill the memory. */
const maxRemembered = 10_000;

export class AccessKeyHolders {
  readonly #store: IamStore;
  #remembered = new Map<string, AccessKeyHolder | undefined>();

  constructor(store: IamStore) {
    this.#store = store;
  }

  /** The holder of an active access key; undefined when there is none. */
  async of(accessKeyId: string): Promise<AccessKeyHolder | undefined> {
    if (this.#remembered.has(accessKeyId)) return this.#remembered.get(accessKeyId);
    // What was read before a change must not be remembered after it: forget() puts another map in place.
    const remembered = this.#remembered;
    const holder = await this.#look(accessKeyId);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(accessKeyId, holder);
    return holder;
  }

  /** To be called after every change of keys and of users. */
  forget(): void {
    this.#remembered = new Map();
  }

  async #look(accessKeyId: string): Promise<AccessKeyHolder | undefined> {
    const key = await this.#store.rows.accessKeys.find(accessKeyId);
    if (key === undefined || !key.active) return undefined;
    const { account, ownerId, secret } = key;
    if (ownerId === account) return { account, arn: `arn:aws:iam::${account}:root`, userId: account, secret };
    const user = await this.#store.rows.identities.byId(ownerId);
    return user && { account, arn: identityArn(user), userId: user.id, secret };
  }
}
