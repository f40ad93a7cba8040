import { createServer } from 'node:net';

/** A port of the loopback interface that is free at this moment. */
export function freePort(): Promise<number> {
  return listenAndClose(0);
}

/** `preferred` where it is free, otherwise some free port. */
export async function preferredPort(preferred: number): Promise<number> {
  try {
    return await listenAndClose(preferred);
  } catch {
    return freePort();
  }
}

function listenAndClose(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}
