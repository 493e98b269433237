import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleApp } from '../testing/example-app.ts';
import { startTestApps } from '../testing/index.ts';
import type { RunningApps } from './start-apps.ts';

describe('running apps', () => {
  let running: RunningApps;
  beforeAll(async () => {
    running = await startTestApps([exampleApp]);
  });
  afterAll(() => running.stop());

  const get = (path: string) => fetch(`${running.url}${path}`);

  it('serve HTTP on the database of the process', async () => {
    const response = await get('/greetings');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ answer: 42 });
  });
});
