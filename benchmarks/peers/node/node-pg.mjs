// C5, the plain way: node:http, node:crypto, and one INSERT per request through pg's pool. 200 after PostgreSQL has committed.
//   node node-pg.mjs PORT POSTGRES_PORT SECRET
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const [port, postgresPort, secret] = process.argv.slice(2);
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
const pool = new pg.Pool({ host: '127.0.0.1', port: Number(postgresPort), user: 'postgres', database: 'postgres', max: 32 });
await pool.query(`CREATE TABLE IF NOT EXISTS inbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL UNIQUE,
  event_type text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  body bytea NOT NULL)`);
const insert = {
  name: 'insert',
  text: 'INSERT INTO inbox (event_id, event_type, body) VALUES ($1, $2, $3) ON CONFLICT (event_id) DO NOTHING',
};

function isValid(headers, body) {
  const given = Buffer.from(String(headers['webhook-signature']).slice('v1,'.length), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest();
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']));
  return given.length === expected.length && timingSafeEqual(given, expected) && age <= 300;
}

async function receive(request, body) {
  if (!isValid(request.headers, body)) return 400;
  const event = JSON.parse(body);
  await pool.query({ ...insert, values: [event.id, event.data.type, body] });
  return 200;
}

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    receive(request, Buffer.concat(parts)).then(
      (status) => response.writeHead(status, { 'content-length': 0 }).end(),
      () => response.writeHead(503, { 'content-length': 0 }).end(),
    );
  });
}).listen(Number(port), '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
