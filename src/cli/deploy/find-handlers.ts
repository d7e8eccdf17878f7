// Finds the functions that a source file offers, by a light look at its text.

/** Names that a JavaScript module exports, by `export` or by `exports`. */
export function exportedNames(source: string): string[] {
  const names = [
    ...matches(source, /^\s*export\s+(?:async\s+)?function\s*\*?\s*([\w$]+)/gm),
    ...matches(source, /^\s*export\s+(?:const|let|var)\s+([\w$]+)/gm),
    ...matches(source, /^\s*(?:module\.)?exports\.([\w$]+)\s*=/gm),
    ...listed(source, /^\s*export\s*\{([^}]*)\}/gm),
    ...listed(source, /^\s*module\.exports\s*=\s*\{([^}]*)\}/gm),
  ];
  return [...new Set(names)];
}

/** Functions of a Python module that take an event and a context. */
export function pythonFunctions(source: string): string[] {
  return matches(source, /^(?:async\s+)?def\s+(\w+)\s*\(\s*\w+\s*(?::[^,)]+)?,\s*_*\w+\s*(?::[^,)]+)?\)/gm);
}

function matches(source: string, pattern: RegExp): string[] {
  return Array.from(source.matchAll(pattern), ([, name]) => name!);
}

/** Of `{ a, b as c, d: e }` the names by which others know them: a, c, d. */
function listed(source: string, pattern: RegExp): string[] {
  return matches(source, pattern)
    .flatMap((list) => list.split(','))
    .map((item) => (/\bas\s+([\w$]+)/.exec(item) ?? /^\s*([\w$]+)/.exec(item))?.[1])
    .filter((name): name is string => name !== undefined && name !== 'default' && name !== 'async');
}
