import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNow } from '../../src/queue/connection.ts';
import { startProxy } from './cuttable-proxy.ts';
import { freePort, redisServer, startRedis, type TestRedis } from './redis.ts';

describe.skipIf(redisServer === undefined)('connectNow (needs redis-server)', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterAll(async () => {
    await redis.stop();
  });

  it('gets in through a network that was cut between the connection and the first word', async () => {
    const proxy = await startProxy(redis.port);
    proxy.cut();
    const mended = setTimeout(() => proxy.mend(), 1000);
    try {
      const connection = await connectNow(`redis://127.0.0.1:${proxy.port}`);
      expect(await connection.ping()).toBe('PONG');
      connection.disconnect();
    } finally {
      clearTimeout(mended);
      await proxy.close();
    }
  });

  it('says who was asked and why not, where nobody is', async () => {
    const port = await freePort();
    await expect(connectNow(`redis://127.0.0.1:${port}`)).rejects.toThrow(
      new RegExp(`expected a Redis at 127\\.0\\.0\\.1:${port}; none let us in \\(.*ECONNREFUSED`),
    );
  });
});
