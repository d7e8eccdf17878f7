// Takes records by HTTP and prints them: node collector.mjs PORT
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const server = createServer(async (request, response) => {
  for (const record of await json(request)) console.log(JSON.stringify(record));
  response.writeHead(204).end();
});
server.listen(Number(process.argv[2] ?? 9999), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
