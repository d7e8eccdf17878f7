// What a package's signature is worth: content, key, publisher and time.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { newSigner, signatureOf } from '../../../test/signing.ts';
import { hashOfEntry, judgeSignature } from './code-signature.ts';

const profile = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/team/abcdefghij';
const signer = newSigner();
const files = { 'index.mjs': 'export const handler = () => 1;', 'lib/a.js': 'a' };
const now = Date.parse('2030-01-01');

const hashesOf = (content: Record<string, string>) =>
  new Map(Object.entries(content).map(([path, text]) => [path, hashOfEntry('file', Buffer.from(text))]));
const good = signatureOf(files, profile, signer.privateKey);

function judge(options: {
  content?: Record<string, string>;
  signature?: string | undefined;
  publishers?: string[];
  certificate?: string | undefined;
  at?: number;
}) {
  const { content = files, publishers = [profile], at = now } = options;
  const signature = 'signature' in options ? options.signature : good;
  const certificate = 'certificate' in options ? options.certificate : signer.certificate;
  const certificates = new Map(certificate === undefined ? [] : [[profile, new X509Certificate(certificate)]]);
  const file = signature === undefined ? undefined : Buffer.from(signature);
  return judgeSignature(hashesOf(content), file, publishers, certificates, at).is;
}

test('just what was signed, by an allowed publisher, is trusted', () => {
  const job = 'arn:aws:signer:eu-west-1:123456789012:/signing-jobs/1';
  const signature = signatureOf(files, profile, signer.privateKey, { job, exp: now / 1000 + 1 });
  const certificates = new Map([[profile, new X509Certificate(signer.certificate)]]);
  assert.deepEqual(judgeSignature(hashesOf(files), Buffer.from(signature), ['other', profile], certificates, now), {
    is: 'trusted',
    profileVersionArn: profile,
    jobArn: job,
  });
});

test('changed, added, removed and retyped entries break it', () => {
  assert.equal(judge({ content: { ...files, 'lib/a.js': 'b' } }), 'broken');
  assert.equal(judge({ content: { ...files, 'lib/b.js': '' } }), 'broken');
  assert.equal(judge({ content: { 'index.mjs': files['index.mjs'] } }), 'broken');
  const linked = hashesOf(files).set('lib/a.js', hashOfEntry('link', Buffer.from('a')));
  assert.equal(judgeSignature(linked, Buffer.from(good), [profile], new Map(), now).is, 'broken');
});

test('another key, another algorithm and nonsense break it', () => {
  assert.equal(judge({ certificate: newSigner().certificate }), 'broken');
  const { payload, signature } = JSON.parse(good);
  for (const alg of ['none', 'RS256', 'ES384', 'HS256', '__proto__', 7]) {
    const header = Buffer.from(JSON.stringify({ alg, kid: profile })).toString('base64url');
    assert.equal(judge({ signature: JSON.stringify({ protected: header, payload, signature }) }), 'broken');
  }
  for (const text of ['', '{}', 'null', '[]', JSON.stringify({ protected: 'e30', payload: 'e30', signature: '' })]) {
    assert.equal(judge({ signature: text }), 'broken', text);
  }
});

test('who is unknown, not allowed or out of date is not trusted', () => {
  assert.equal(judge({ signature: undefined }), 'untrusted');
  assert.equal(judge({ publishers: ['other'] }), 'untrusted');
  assert.equal(judge({ certificate: undefined }), 'untrusted');
  assert.equal(judge({ at: Date.parse('1999-12-31') }), 'untrusted');
  assert.equal(judge({ at: Date.parse('2049-01-01') }), 'untrusted');
  assert.equal(judge({ at: Date.parse('2048-12-31') }), 'trusted');
  const expiring = signatureOf(files, profile, signer.privateKey, { exp: now / 1000 });
  assert.equal(judge({ signature: expiring }), 'untrusted');
  assert.equal(judge({ signature: expiring, at: now - 1 }), 'trusted');
});
