// Verifies captured deliveries with the official SDK: node unwrap.mjs FILE, the file holding {key, deliveries:[{headers, body}]}.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';

const { key, deliveries } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const client = new Anthropic({ apiKey: 'test-key' });
const types = [];
for (const { headers, body } of deliveries) {
  const event = client.beta.webhooks.unwrap(body, { headers, key });
  assert.equal(event.type, 'event');
  assert.equal(event.id, headers['webhook-id']);
  types.push(event.data.type);
  assert.throws(() => client.beta.webhooks.unwrap(body + ' ', { headers, key }));
  assert.throws(() => client.beta.webhooks.unwrap(body, { headers: { ...headers, 'webhook-id': 'whe_other' }, key }));
  assert.throws(() => client.beta.webhooks.unwrap(body, { headers, key: 'whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=' }));
}

console.log(JSON.stringify({ types }));
