// Reads every other kind of resource with the official SDK: node resources.mjs BASE_URL LEDGER_FILE. Prints how many of each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: process.argv[2], apiKey: 'test-key', maxRetries: 0 });
const resources = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const { beta } = client;
const readers = {
  agent: (id) => beta.agents.retrieve(id),
  environment: (id) => beta.environments.retrieve(id),
  deployment: (id) => beta.deployments.retrieve(id),
  deployment_run: (id) => beta.deploymentRuns.retrieve(id),
  vault: (id) => beta.vaults.retrieve(id),
  memory_store: (id) => beta.memoryStores.retrieve(id),
  user_profile: (id) => client.userProfiles.retrieve(id),
  external_key: (id) => beta.organization.externalKeys.retrieve(id),
};

const counts = {};
for (const { type, id, state } of resources) {
  if (state === 'deleted' || !readers[type]) continue;
  const read = await readers[type](id);
  assert.equal(read.id, id);
  assert.equal(read.type, type);
  counts[type] = (counts[type] ?? 0) + 1;
}

for await (const vault of beta.vaults.list({ include_archived: true })) {
  for await (const credential of beta.vaults.credentials.list(vault.id, { include_archived: true })) {
    assert.equal((await beta.vaults.credentials.retrieve(credential.id, { vault_id: vault.id })).vault_id, vault.id);
    counts.vault_credential = (counts.vault_credential ?? 0) + 1;
  }
}

console.log(JSON.stringify(counts));
