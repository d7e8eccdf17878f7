// What is derived from a contract is derived once, and lives as long as the contract does.

/** Remembers `compile`'s answer for each key. */
export function compiledOnce<Key extends object, Value>(compile: (key: Key) => Value): (key: Key) => Value {
  const answers = new WeakMap<Key, { value: Value }>();
  return (key) => {
    let answer = answers.get(key);
    if (!answer) {
      answer = { value: compile(key) };
      answers.set(key, answer);
    }
    return answer.value;
  };
}
