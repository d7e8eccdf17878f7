// Turns the patterns of AWS's API models, which are Java regular expressions, into JavaScript's.

/**
 * Compiles a pattern so that it must match the whole value.
 * Throws SyntaxError for what JavaScript cannot express; the generator reports such patterns.
 */
export function compilePattern(pattern: string): RegExp {
  let source = pattern.replaceAll('\\p{Print}', '[ -~]');
  // The models mean code points, for which they write Java's \x{…}, a surrogate pair, or lose the braces.
  source = source
    .replaceAll('\\u10000-\\u10FFFF', '\\u{10000}-\\u{10FFFF}')
    .replace(/\\x\{([0-9A-Fa-f]+)\}/g, '\\u{$1}');
  const needsCodePoints = /\\[pP]\{|\\u\{|\\uD[89AB][0-9A-F]{2}\\uD[C-F][0-9A-F]{2}/i.test(source);
  if (!needsCodePoints) return new RegExp(`^(?:${source})$`);
  return new RegExp(`^(?:${withoutNeedlessEscapes(source)})$`, 'u');
}

/** With the u flag, a backslash before an ordinary character is an error in JavaScript; in Java it is not. */
function withoutNeedlessEscapes(source: string): string {
  return source.replace(/\\(.)/gs, (whole, char: string) =>
    /[\^$\\.*+?()[\]{}|/\-dDwWsSbBtrnvfpPuxkc0-9]/.test(char) ? whole : char,
  );
}
