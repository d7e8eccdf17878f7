import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urlOf } from './url-configs.ts';

test('a URL lies below the name by which Lambent was reached, below localhost where that was an address', () => {
  const url = (endpoint: string) => urlOf('abc', 'eu-west-1', endpoint);
  assert.equal(url('http://127.0.0.1:4566'), 'http://abc.lambda-url.eu-west-1.localhost:4566/');
  assert.equal(url('http://[::1]:4566'), 'http://abc.lambda-url.eu-west-1.localhost:4566/');
  assert.equal(url('http://localhost:4566'), 'http://abc.lambda-url.eu-west-1.localhost:4566/');
  assert.equal(url('https://lambent.example.com'), 'https://abc.lambda-url.eu-west-1.lambent.example.com/');
});
