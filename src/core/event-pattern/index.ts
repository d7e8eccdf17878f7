// Event patterns: the language in which EventBridge rules, pipes, subscriptions and event source mappings choose events.
export { compileEventPattern, type EventPattern, parseEventPattern } from './compile.ts';
export { EventPatternError } from './error.ts';
