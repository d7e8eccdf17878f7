// Turns the patterns of AWS's API models, which are Java regular expressions, into JavaScript's.

/**
 * Compiles a pattern so that it must match the whole value.
 * Java's inline flags, possessive quantifiers, POSIX classes, `\A`, `\z`, `\Q…\E` and class intersections are translated.
 * Throws SyntaxError for what JavaScript cannot express.
 */
export function compilePattern(pattern: string): RegExp {
  let source = pattern;
  let flags = '';
  const inline = /^\(\?([imsxu]+)\)/.exec(source);
  if (inline) {
    source = source.slice(inline[0].length);
    flags = [...inline[1]!].filter((flag) => 'ims'.includes(flag)).join('');
  }
  source = source
    .replaceAll('\\p{IsAlphabetic}', '\\p{Alphabetic}')
    .replaceAll('\\p{IsDigit}', '\\p{Nd}')
    .replaceAll('\\p{ASCII}', '\\x00-\\x7F')
    .replaceAll('\\p{Alnum}', 'a-zA-Z0-9')
    .replaceAll('\\p{Alpha}', 'a-zA-Z')
    .replaceAll('\\p{Graph}', '!-~')
    .replaceAll('\\p{Print}', ' -~')
    .replaceAll('\\p{Punct}', '!-\\/:-@\\[-`\\{-~')
    .replaceAll('\\p{javaUpperCase}', '\\p{Lu}')
    .replaceAll('\\p{javaLowerCase}', '\\p{Ll}')
    .replace(/\\([AZz])/g, (_, anchor: string) => (anchor === 'A' ? '^' : '$'))
    .replace(/([*+?}])\+/g, '$1');
  // Property classes and code points beyond the basic plane need the u flag, which in turn refuses needless escapes.
  if (/\\p\{|\\P\{|\\u\{|\\x\{/.test(source)) {
    source = source.replace(/\\x\{([0-9A-Fa-f]+)\}/g, '\\u{$1}');
    return new RegExp(`^(?:${withoutNeedlessEscapes(source)})$`, `${flags}u`);
  }
  return new RegExp(`^(?:${source})$`, flags);
}

/** With the u flag, a backslash before an ordinary character is a syntax error in JavaScript; in Java it is not. */
function withoutNeedlessEscapes(source: string): string {
  return source
    .replace(/\\(.)/g, (whole, char: string) => (/[\\^$.*+?()[\]{}|/\-dDwWsSbBtrnvfpPuxkc0-9]/.test(char) ? whole : char))
    .replace(/([^\\]|^)\[([^\]]*)\]/g, (_, before: string, set: string) => {
      // A dash beside a class such as \w is a literal in Java, an error here.
      const escaped = set.replace(/(\\[dDwWsS]|\\[pP]\{[^}]*\})-/g, '$1\\-').replace(/-(\\[dDwWsS]|\\[pP]\{)/g, '\\-$1');
      return `${before}[${escaped.replace(/\\\\-/g, '\\-')}]`;
    });
}
