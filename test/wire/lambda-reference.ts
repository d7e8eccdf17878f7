// A reference model of functions, versions and aliases: AWS's rules in the plainest form, held in memory.

interface Settings {
  code: number;
  description: string;
  timeout: number;
}

interface ReferenceFunction {
  latest: Settings;
  tags: Map<string, string>;
  reserved: number | undefined;
  lastNumber: number;
  /** `source` is `$LATEST` as it was published. */
  versions: Map<number, { shown: Settings; source: Settings }>;
  aliases: Map<string, { version: string; description: string }>;
}

/** An error by its name, or what of an answer matters. */
export type Outcome = { error: string } | { value: unknown };

export type Step =
  | { kind: 'create'; name: string; code: number; description: string; timeout: number; publish: boolean }
  | { kind: 'updateCode'; name: string; code: number }
  | { kind: 'updateConfiguration'; name: string; description: string; timeout: number }
  | { kind: 'publish'; name: string; description: string | undefined }
  | { kind: 'createAlias'; name: string; alias: string; version: string; description: string }
  | { kind: 'updateAlias'; name: string; alias: string; version: string }
  | { kind: 'deleteAlias'; name: string; alias: string }
  | { kind: 'getAlias'; name: string; alias: string }
  | { kind: 'deleteVersion'; name: string; version: string }
  | { kind: 'delete'; name: string }
  | { kind: 'get'; name: string; qualifier: string | undefined }
  | { kind: 'tag'; name: string; key: string; value: string }
  | { kind: 'untag'; name: string; key: string }
  | { kind: 'reserve'; name: string; executions: number }
  | { kind: 'release'; name: string };

const missing: Outcome = { error: 'ResourceNotFoundException' };
const conflict: Outcome = { error: 'ResourceConflictException' };
const done: Outcome = { value: null };

export class Reference {
  readonly #functions = new Map<string, ReferenceFunction>();

  /** Everything that is there, in the order in which AWS lists it. */
  all(): unknown {
    return [...this.#functions]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, found]) => ({
        name,
        latest: found.latest,
        tags: Object.fromEntries([...found.tags].sort()),
        reserved: found.reserved,
        versions: [...found.versions].sort(([a], [b]) => a - b).map(([number, { shown }]) => ({ number, ...shown })),
        aliases: [...found.aliases].sort(([a], [b]) => (a < b ? -1 : 1)).map(([alias, rest]) => ({ alias, ...rest })),
      }));
  }

  take(step: Step): Outcome {
    const found = this.#functions.get(step.name);
    if (step.kind === 'create') {
      if (found !== undefined) return conflict;
      const { code, description, timeout } = step;
      const created: ReferenceFunction = {
        latest: { code, description, timeout },
        tags: new Map(),
        reserved: undefined,
        lastNumber: 0,
        versions: new Map(),
        aliases: new Map(),
      };
      this.#functions.set(step.name, created);
      return { value: { version: step.publish ? publish(created, undefined) : '$LATEST', ...created.latest } };
    }
    if (found === undefined) return missing;
    switch (step.kind) {
      case 'updateCode':
        found.latest = { ...found.latest, code: step.code };
        return { value: { version: '$LATEST', ...found.latest } };
      case 'updateConfiguration':
        found.latest = { ...found.latest, description: step.description, timeout: step.timeout };
        return { value: { version: '$LATEST', ...found.latest } };
      case 'publish': {
        const version = publish(found, step.description);
        return { value: { version, ...found.versions.get(Number(version))!.shown } };
      }
      case 'createAlias': {
        const { alias, version, description } = step;
        if (settingsOf(found, version) === undefined) return missing;
        if (found.aliases.has(alias)) return conflict;
        found.aliases.set(alias, { version, description });
        return { value: { alias, version, description } };
      }
      case 'updateAlias': {
        const { alias, version } = step;
        const before = found.aliases.get(alias);
        if (before === undefined || settingsOf(found, version) === undefined) return missing;
        const { description } = before;
        found.aliases.set(alias, { version, description });
        return { value: { alias, version, description } };
      }
      case 'getAlias': {
        const alias = found.aliases.get(step.alias);
        return alias === undefined ? missing : { value: { alias: step.alias, ...alias } };
      }
      case 'deleteAlias':
        found.aliases.delete(step.alias);
        return done;
      case 'deleteVersion':
        if ([...found.aliases.values()].some(({ version }) => version === step.version)) return conflict;
        found.versions.delete(Number(step.version));
        return done;
      case 'delete':
        this.#functions.delete(step.name);
        return done;
      case 'get': {
        const version = found.aliases.get(step.qualifier ?? '')?.version ?? step.qualifier ?? '$LATEST';
        const settings = settingsOf(found, version);
        return settings === undefined ? missing : { value: { version, reserved: found.reserved, ...settings } };
      }
      case 'tag':
        found.tags.set(step.key, step.value);
        return done;
      case 'untag':
        found.tags.delete(step.key);
        return done;
      case 'reserve':
        found.reserved = step.executions;
        return { value: step.executions };
      default:
        found.reserved = undefined;
        return done;
    }
  }
}

function settingsOf(found: ReferenceFunction, version: string): Settings | undefined {
  return version === '$LATEST' ? found.latest : found.versions.get(Number(version))?.shown;
}

/** The number of a new version, or of the last one where nothing has changed since. */
function publish(found: ReferenceFunction, description: string | undefined): string {
  const last = Math.max(0, ...found.versions.keys());
  const source = found.versions.get(last)?.source;
  const { latest } = found;
  const isSame =
    source?.code === latest.code && source.description === latest.description && source.timeout === latest.timeout;
  if (isSame) return String(last);
  found.lastNumber += 1;
  const shown = { ...latest, description: description ?? latest.description };
  found.versions.set(found.lastNumber, { shown, source: latest });
  return String(found.lastNumber);
}
