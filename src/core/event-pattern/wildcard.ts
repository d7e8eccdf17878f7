// `{"wildcard": "dir/*.png"}`: `*` stands for any characters, `\*` and `\\` for themselves. Linear in the text.
import { EventPatternError } from './error.ts';

/** Throws EventPatternError. */
export function readWildcard(pattern: string): (text: string) => boolean {
  const parts = split(pattern);
  const first = parts[0]!;
  if (parts.length === 1) return (text) => text === first;
  const last = parts.at(-1)!;
  const between = parts.slice(1, -1).map(searcher);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    // The leftmost place for each part leaves most room for the next.
    for (const search of between) {
      at = search(text, at, end);
      if (at === -1) return false;
    }
    return true;
  };
}

/** The literal texts around the stars. */
function split(pattern: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*') {
      if (pattern[at + 1] === '*') throw new EventPatternError(`Consecutive wildcard characters at pos ${at + 1}`);
      parts.push(part);
      part = '';
    } else if (character === '\\') {
      const escaped = pattern[at + 1];
      if (escaped !== '*' && escaped !== '\\') throw new EventPatternError(`Invalid escape character at pos ${at}`);
      part += escaped;
      at++;
    } else {
      part += character;
    }
  }
  parts.push(part);
  return parts;
}

/**
 * Finds `part` in a text by Knuth, Morris and Pratt: no pattern makes it look at a character of the text again. Answers where
 * the first occurrence from `from` ends that ends by `end`, or -1.
 */
function searcher(part: string): (text: string, from: number, end: number) => number {
  const borders = new Uint32Array(part.length);
  for (let at = 1, matched = 0; at < part.length; at++) {
    while (matched > 0 && part.charCodeAt(at) !== part.charCodeAt(matched)) matched = borders[matched - 1]!;
    if (part.charCodeAt(at) === part.charCodeAt(matched)) matched++;
    borders[at] = matched;
  }
  return (text, from, end) => {
    for (let at = from, matched = 0; at < end; at++) {
      const code = text.charCodeAt(at);
      while (matched > 0 && code !== part.charCodeAt(matched)) matched = borders[matched - 1]!;
      if (code === part.charCodeAt(matched)) matched++;
      if (matched === part.length) return at + 1;
    }
    return -1;
  };
}
