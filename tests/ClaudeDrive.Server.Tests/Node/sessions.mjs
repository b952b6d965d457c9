// Drives the simulator with the official SDK: node sessions.mjs BASE_URL. Prints one JSON document.
import assert from 'node:assert/strict';
import Anthropic, { BadRequestError, NotFoundError } from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: process.argv[2], apiKey: 'test-key', maxRetries: 0 });
const { sessions } = client.beta;

async function collect(page) {
  const items = [];
  for await (const item of page) items.push(item);
  return items;
}

async function untilIdle(id) {
  for (;;) {
    const page = await sessions.events.list(id, { order: 'desc', types: ['session.status_idle', 'session.status_running'], limit: 1 });
    if (page.data[0]?.type === 'session.status_idle') return page.data[0];
    await new Promise((done) => setTimeout(done, 20));
  }
}

const [agent] = await collect(client.beta.agents.list());
const [environment] = await collect(client.beta.environments.list());
const created = await sessions.create({
  agent: agent.id,
  environment_id: environment.id,
  title: 'from TypeScript',
  metadata: { scenario: 'needs_answer' },
});
assert.equal(created.status, 'idle');
assert.equal((await sessions.retrieve(created.id)).id, created.id);
assert.ok((await collect(sessions.list({ statuses: ['idle'], limit: 2 }))).some((session) => session.id === created.id));

// Stream first, then act: there is no replay.
const stream = await sessions.events.stream(created.id);
const streamed = [];
const reading = (async () => {
  for await (const event of stream) {
    streamed.push(event.type);
    if (event.type === 'session.status_idle' && event.stop_reason.type === 'end_turn') return;
  }
})();

await sessions.events.send(created.id, { events: [{ type: 'user.message', content: [{ type: 'text', text: 'refund order 4711' }] }] });
const idle = await untilIdle(created.id);
assert.equal(idle.stop_reason.type, 'requires_action');
const [blocker] = idle.stop_reason.event_ids;
await assert.rejects(
  sessions.events.send(created.id, { events: [{ type: 'user.message', content: [{ type: 'text', text: 'too early' }] }] }),
  BadRequestError,
);
const answer = { type: 'user.custom_tool_result', custom_tool_use_id: blocker, content: [{ type: 'text', text: 'approved' }] };
const sent = await sessions.events.send(created.id, { events: [answer] });
assert.equal(sent.data[0].type, 'user.custom_tool_result');
await assert.rejects(sessions.events.send(created.id, { events: [answer] }), BadRequestError);
await reading;

const events = await collect(sessions.events.list(created.id, { limit: 5 }));
assert.equal(new Set(events.map((event) => event.id)).size, events.length);
assert.equal(events.at(-1).type, 'session.status_idle');

const threads = await collect(sessions.threads.list(created.id));
assert.equal(threads.length, 1);
assert.equal((await sessions.threads.retrieve(threads[0].id, { session_id: created.id })).parent_thread_id, null);
assert.equal((await collect(sessions.threads.events.list(threads[0].id, { session_id: created.id }))).length, events.length);

const updated = await sessions.update(created.id, { title: 'renamed' });
assert.equal(updated.title, 'renamed');
assert.equal((await sessions.archive(created.id)).status, 'terminated');
assert.equal((await sessions.delete(created.id)).type, 'session_deleted');
await assert.rejects(sessions.retrieve(created.id), NotFoundError);

console.log(JSON.stringify({ session_id: created.id, streamed }));
