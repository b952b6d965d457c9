// C1, what many build: Fastify, the official SDK's unwrap(), and a BullMQ queue in Redis. 200 after Redis has taken the job.
//   node fastify-bullmq.mjs PORT REDIS_PORT SECRET
import Anthropic from '@anthropic-ai/sdk';
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';

const [port, redisPort, key] = process.argv.slice(2);
const client = new Anthropic({ apiKey: 'unused' });
const connection = new Redis({ host: '127.0.0.1', port: Number(redisPort), maxRetriesPerRequest: null });
const queue = new Queue('claude', { connection });
const app = Fastify({ logger: false });

// The signature is over the bytes as sent.
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

app.post('/webhooks/claude', async (request, reply) => {
  let event;
  try {
    event = client.beta.webhooks.unwrap(request.body, { headers: request.headers, key });
  } catch {
    return reply.code(400).send();
  }

  // The job's id is the event's: a repeat is not queued twice while the job is kept.
  await queue.add(event.data.type, event, { jobId: event.id });
  return reply.code(200).send();
});

await queue.waitUntilReady();
await app.listen({ host: '127.0.0.1', port: Number(port) });
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
